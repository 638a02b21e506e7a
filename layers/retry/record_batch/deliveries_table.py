"""DeliveriesTable: rows in DynamoDB, each swap one conditional write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from record_batch.aws_errors import AWS_ERRORS, error_code
from record_batch.rows import Conflict, Row, RowsUnavailable, State
from retry_policies import DeadlineExceeded, RetryPolicy
from retry_policies.aws import classify_aws_for
from retry_policies.presets import AWS_WRITE

TABLE_TIMEOUT = 0.4
"""Seconds to connect, and to read: an alert waits for Slack, not for a table that is slow."""
CALL_TIME = 1.0
"""Seconds that a call may take, retry included."""
TABLE_POLICY: RetryPolicy = AWS_WRITE.with_(
    name="deliveries_table",
    classifier=classify_aws_for("dynamodb"),
    repeatable=True,  # a write that was taken twice finds its own token
    max_attempts=2,
    max_backoff=0.2,
    throttling_backoff=0.2,
    timeout=CALL_TIME,
    min_attempt_time=0.1,
)

type Item = Mapping[str, Mapping[str, Any]]
"""{"id": {"S": …}, …} as DynamoDB's client takes and gives it."""


@dataclass(frozen=True, slots=True)
class DeliveriesTable:
    """Rows under the key `id`."""

    client: Any
    """boto3's DynamoDB client, its timeouts TABLE_TIMEOUT."""
    name: str
    policy: RetryPolicy

    def read(self, key: str) -> Row | None:
        answer = self._call(self.client.get_item, Key=_key(key), ConsistentRead=True)
        return _row(answer.get("Item"))

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        try:
            self._call(
                self.client.put_item,
                Item=_item(key, new),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **(_stands(old) if old else {"ConditionExpression": "attribute_not_exists(id)"}),
            )
        except ClientError as error:
            item: Any = error.response.get("Item")  # ALL_OLD: what stands there
            standing = _row(item)
            if standing is None or standing.token != new.token:
                raise Conflict(standing) from error

    def remove(self, key: str, old: Row) -> None:
        try:
            self._call(self.client.delete_item, Key=_key(key), **_stands(old))
        except ClientError:
            return  # something else stands there by now

    def _call(self, operation: Callable[..., dict[str, Any]], **request: object) -> dict[str, Any]:
        """Raises RowsUnavailable, and ClientError for a condition that does not hold, for nothing else."""
        try:
            return self.policy.call(None, operation, TableName=self.name, **request)
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            code = error_code(error)
            if code == "ConditionalCheckFailedException":
                raise
            raise RowsUnavailable(code) from error


def _key(key: str) -> Item:
    return {"id": {"S": key}}


def _stands(row: Row) -> dict[str, object]:
    return {
        "ConditionExpression": "#token = :token",
        "ExpressionAttributeNames": {"#token": "token"},
        "ExpressionAttributeValues": {":token": {"S": row.token}},
    }


def _item(key: str, row: Row) -> Item:
    return {
        "id": {"S": key},
        "token": {"S": row.token},
        "state": {"S": row.state.value},
        "until": {"N": str(row.until)},
        "count": {"N": str(row.count)},
        "expires": {"N": str(int(row.expires))},  # TTL takes whole seconds
        "hop": {"N": str(row.hop)},
        "doubtful": {"BOOL": row.is_doubtful},
    }


def _row(item: Item | None) -> Row | None:
    """A row that cannot be read counts as none that can be trusted: RowsUnavailable."""
    if not item:
        return None
    try:
        return Row(
            token=item["token"]["S"],
            state=State(item["state"]["S"]),
            until=float(item["until"]["N"]),
            count=int(item["count"]["N"]),
            expires=float(item["expires"]["N"]),
            hop=int(item["hop"]["N"]),
            is_doubtful=bool(item["doubtful"]["BOOL"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise RowsUnavailable("unreadable_row") from error
