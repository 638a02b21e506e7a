"""DeliveriesTable: rows in DynamoDB, each swap one conditional write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from observability.aws_errors import AWS_ERRORS, error_code
from retry_policies import DeadlineExceeded, RetryPolicy
from retry_policies.aws import classify_aws_for
from retry_policies.presets import AWS_WRITE
from shared_state.rows import Conflict, Row, RowsUnavailable, RowUnreadable, State

TABLE_TIMEOUT = 0.4
"""Seconds to connect, and to read: a slow table must not delay alerts."""
CALL_TIME = 1.0
"""Seconds after which a call is not repeated."""
TABLE_POLICY: RetryPolicy = AWS_WRITE.with_(
    name="deliveries_table",
    classifier=classify_aws_for("dynamodb"),
    repeatable=True,  # a repeated write finds its own token
    max_attempts=2,
    max_backoff=0.2,
    throttling_backoff=0.2,
    timeout=CALL_TIME,
    min_attempt_time=0.1,
)

CONDITION_FAILED = "ConditionFailed"
"""A key that we add to the response if the condition of a write did not hold."""

ZERO = {"N": "0"}
FALSE = {"BOOL": False}
EMPTY = {"S": ""}
"""Defaults for rows of version 0.1, which have fewer attributes."""

type Item = Mapping[str, Mapping[str, Any]]
"""An item in DynamoDB's own form: {"id": {"S": …}, …}."""


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
        answer = self._call(
            self.client.put_item,
            Item=_item(key, new),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **(_if_unchanged(old) if old else {"ConditionExpression": "attribute_not_exists(id)"}),
        )
        if CONDITION_FAILED in answer:
            current = _row(answer.get("Item"))
            if current is None or current.token != new.token:
                raise Conflict(current)

    def remove(self, key: str, old: Row) -> None:
        self._call(self.client.delete_item, Key=_key(key), **_if_unchanged(old))

    def _call(self, operation: Callable[..., dict[str, Any]], **request: object) -> dict[str, Any]:
        """Return the response. Raise RowsUnavailable."""
        try:
            return self.policy.call(None, _answer, operation, TableName=self.name, **request)
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            raise RowsUnavailable(error_code(error)) from error


def _answer(operation: Callable[..., dict[str, Any]], **request: object) -> dict[str, Any]:
    """Return the response, also if the condition did not hold, which is no failure to retry or report."""
    try:
        return operation(**request)
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return {**error.response, CONDITION_FAILED: True}


def _key(key: str) -> Item:
    return {"id": {"S": key}}


def _if_unchanged(row: Row) -> dict[str, object]:
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
        "failures": {"N": str(row.failures)},
        "failing_since": {"N": str(row.failing_since)},
        "crashes": {"N": str(row.crashes)},
        "alone": {"BOOL": row.is_alone},
        "simplified": {"N": str(row.simplified)},
        "facts": {"S": row.facts},
    }


def _row(item: Item | None) -> Row | None:
    """Return the row of an item. Raise RowUnreadable."""
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
            failures=int(item.get("failures", ZERO)["N"]),
            failing_since=float(item.get("failing_since", ZERO)["N"]),
            crashes=int(item.get("crashes", ZERO)["N"]),
            is_alone=bool(item.get("alone", FALSE)["BOOL"]),
            simplified=int(item.get("simplified", ZERO)["N"]),
            facts=item.get("facts", EMPTY)["S"],
        )
    except (KeyError, ValueError, TypeError) as error:
        raise RowUnreadable("unreadable_row") from error
