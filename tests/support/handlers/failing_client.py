"""boto3's clients with failures that a test sets, a record of their calls, and no long polls."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ReadTimeoutError


@dataclass
class FailingClient:
    """A client of moto's."""

    client: Any
    failing: dict[str, BaseException] = field(default_factory=dict)
    """Errors by operation, or by operation and queue: "receive_message dead"."""
    instead: dict[str, Callable[..., Any]] = field(default_factory=dict)
    """Replacements by operation."""
    before: Callable[[str], object] = lambda _: None
    """Called with the operation, before it."""
    calls: Counter[str] = field(default_factory=Counter)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 - boto3's
            self.calls[operation] += 1
            self.requests.append(request)
            self.before(operation)
            queue = request.get("QueueUrl", "").rpartition("/")[2]
            for name in (operation, f"{operation} {queue}"):
                if name in self.failing:
                    raise self.failing[name]
            if operation in self.instead:
                return self.instead[operation](**request)
            waits = {"WaitTimeSeconds": 0} if "WaitTimeSeconds" in request else {}
            return getattr(self.client, operation)(**request | waits)

        return call


@dataclass
class RecordingSqs(FailingClient):
    """A client of SQS that records deletions and visibility timeouts, and makes none."""

    hidden: dict[str, int] = field(default_factory=dict)
    """Seconds by receipt handle."""
    deleted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.instead = {
            "change_message_visibility": self._hide,
            "change_message_visibility_batch": lambda **request: self._each(self._hide, **request),
            "delete_message": self._delete,
            "delete_message_batch": lambda **request: self._each(self._delete, **request),
        }

    def _hide(self, *, ReceiptHandle: str, VisibilityTimeout: int, **_: object) -> object:
        self.hidden[ReceiptHandle] = VisibilityTimeout
        return {}

    def _delete(self, *, ReceiptHandle: str, **_: object) -> object:
        self.deleted.append(ReceiptHandle)
        return {}

    def _each(self, do: Callable[..., object], *, Entries: Sequence[dict[str, Any]], **_: object) -> object:
        for entry in Entries:
            do(**entry)
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


def lost_answers(number: int) -> Callable[..., dict[str, Any]]:
    """Return an operation whose first answers are lost, though it has taken effect."""
    left = [ReadTimeoutError(endpoint_url="x") for _ in range(number)]

    def operation(**_: object) -> dict[str, Any]:
        if left:
            raise left.pop()
        return {}

    return operation
