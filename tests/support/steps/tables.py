"""A deliveries table in this process: by moto, or in memory with failures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import boto3
from moto import mock_aws

from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row, RowsUnavailable, RowUnreadable
from tests.support.stack.deliveries import create_table

NAME = "deliveries"


@dataclass
class MemoryTable:
    """A table in memory that fails while `is_down`."""

    is_down: bool = False
    unreadable: str = ""
    """The key of a row that this version cannot read."""
    calls: int = 0
    inner: MemoryRows = field(default_factory=MemoryRows)

    def _call(self) -> MemoryRows:
        self.calls += 1
        if self.is_down:
            raise RowsUnavailable("EndpointConnectionError")
        return self.inner

    def read(self, key: str) -> Row | None:
        return self._call().read(key)

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if key == self.unreadable:
            raise RowUnreadable("unreadable_row")
        self._call().swap(key, old, new)

    def remove(self, key: str, old: Row) -> None:
        self._call().remove(key, old)


class FailingRows(MemoryRows):
    """Rows that fail after the first `left` writes."""

    def __init__(self, left: int = 0) -> None:
        super().__init__()
        self.left = left

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if not self.left:
            raise RowsUnavailable("ProvisionedThroughputExceededException")
        self.left -= 1
        super().swap(key, old, new)


class Serialized:
    """A client that makes one call at a time: moto checks a condition and writes in two steps, unlike DynamoDB."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - boto3's own
        self.client = client
        self.lock = Lock()

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(**request: object) -> object:
            with self.lock:
                return getattr(self.client, name)(**request)

        return call


@contextmanager
def deliveries_table() -> Iterator[DeliveriesTable]:
    """Create a table with the template's key."""
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name="eu-west-1")
        create_table(client)
        yield DeliveriesTable(Serialized(client), NAME, TABLE_POLICY)
