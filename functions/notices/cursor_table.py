"""The cursor of each queue, a row in DeliveriesTable under the key `id`."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from notices.models import Cursor
from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy
from retry_policies.deadline import Clock

KEPT = 30 * 86_400
"""Seconds that a cursor is kept after its last change: longer than any queue keeps a message."""


class CursorsUnavailable(Exception):
    """The table did not answer or denied access; the message is the error's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorTable:
    """Cursors by queue name. Each call may raise CursorsUnavailable."""

    client: Any
    """boto3's DynamoDB client."""
    name: str
    reads: RetryPolicy
    writes: RetryPolicy
    clock: Clock = time.time

    def read(self, queue: str, deadline: Deadline) -> Cursor:
        """Return the cursor; an empty one if there is none or it has expired."""
        request = {"TableName": self.name, "Key": {"id": {"S": key(queue)}}, "ConsistentRead": True}
        item = _call(self.reads, deadline, self.client.get_item, request).get("Item")
        return _cursor(item, self.clock()) if item else Cursor()

    def write(self, queue: str, cursor: Cursor, deadline: Deadline) -> None:
        item = {  # `told` and `looked_at` are the names of version 0.1, whose rows must still be read
            "id": {"S": key(queue)},
            "told": {"L": [{"S": one} for one in cursor.reported]},
            "unnamed": {"N": str(cursor.unnamed)},
            "depth": {"N": str(cursor.depth)},
            "looked_at": {"N": str(cursor.read_at)},
            "expires": {"N": str(int(self.clock() + KEPT))},
        }
        _call(self.writes, deadline, self.client.put_item, {"TableName": self.name, "Item": item})


def key(queue: str) -> str:
    """Return the id of a queue's row."""
    return f"notices#{queue}"


def _call(
    policy: RetryPolicy, deadline: Deadline, operation: Callable[..., dict[str, Any]], request: dict[str, Any]
) -> dict[str, Any]:
    try:
        return policy.call(deadline, operation, **request)
    except (*AWS_ERRORS, DeadlineExceeded) as error:
        raise CursorsUnavailable(error_code(error)) from error


def _cursor(item: dict[str, Any], now: float) -> Cursor:
    try:
        if float(item["expires"]["N"]) <= now:  # the table's own TTL may be days late
            return Cursor()
        return Cursor(
            reported=tuple(one["S"] for one in item["told"]["L"]),
            unnamed=int(item["unnamed"]["N"]),
            depth=int(item["depth"]["N"]),
            read_at=float(item["looked_at"]["N"]),
        )
    except (KeyError, ValueError, TypeError):
        # Another version's row: one repeated notice, and the next write replaces the row.
        logger.warning("cursor not understood", extra={"row": item["id"]["S"]})
        return Cursor()
