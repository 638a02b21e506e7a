from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from notices.cursor_table import KEPT, CursorsUnavailable, CursorTable, key
from notices.models import REPORTED_LIMIT, Cursor
from retry_policies import Deadline
from retry_policies.presets import AWS_READ, AWS_WRITE
from retry_policies.testing import FakeTime
from tests.support.handlers.aws_in_process import aws_in_process
from tests.support.handlers.failing_client import FailingClient
from tests.support.stack.deliveries import create_table
from tests.support.steps import tables
from tests.support.steps.scripted_store import refusal

CURSOR = Cursor(reported=("b", "a"), unnamed=3, depth=5, read_at=1_764_000_090.125)
FULL = replace(CURSOR, reported=tuple(f"{number:016x}" for number in range(REPORTED_LIMIT)))
LATER = Deadline.after(86_400)


@pytest.fixture
def table() -> Iterator[CursorTable]:
    with aws_in_process():
        client: Any = boto3.client("dynamodb")
        create_table(client)
        yield CursorTable(client=client, name=tables.NAME, reads=AWS_READ, writes=AWS_WRITE, clock=lambda: 1000.0)


def test_a_cursor_is_read_as_it_was_written_and_replaces_the_one_before(table: CursorTable) -> None:
    assert table.read("q", LATER) == Cursor()
    for cursor in (FULL, Cursor(read_at=1.0), CURSOR):
        table.write("q", cursor, LATER)
        assert (table.read("q", LATER), table.read("p", LATER)) == (cursor, Cursor())


def test_a_cursor_expires_after_thirty_days(table: CursorTable) -> None:
    table.write("q", CURSOR, LATER)
    for age, expected in ((KEPT - 1, CURSOR), (KEPT, Cursor())):
        later = replace(table, clock=FakeTime(now=table.clock() + age).clock)
        assert later.read("q", LATER) == expected


def test_a_row_has_a_key_that_no_claim_has_the_attributes_of_earlier_versions_and_a_ttl(table: CursorTable) -> None:
    table.write("q", CURSOR, LATER)
    [item] = table.client.scan(TableName=tables.NAME)["Items"]
    assert item == {
        "id": {"S": "notices#q"},
        "told": {"L": [{"S": "b"}, {"S": "a"}]},
        "unnamed": {"N": "3"},
        "depth": {"N": "5"},
        "looked_at": {"N": "1764000090.125"},
        "expires": {"N": str(int(table.clock() + KEPT))},
    }


def test_a_row_of_another_version_is_no_cursor_and_is_replaced(table: CursorTable) -> None:
    table.client.put_item(TableName=tables.NAME, Item={"id": {"S": key("q")}, "expires": {"N": "9999999999"}})
    assert table.read("q", LATER) == Cursor()
    table.write("q", CURSOR, LATER)
    assert table.read("q", LATER) == CURSOR


@pytest.mark.parametrize("seconds", [60, -1], ids=["denied", "no time"])
def test_a_table_that_does_not_answer_is_unavailable(seconds: float) -> None:
    denied = refusal("AccessDeniedException")
    client = FailingClient(None, failing={"get_item": denied, "put_item": denied})
    table = CursorTable(client=client, name="t", reads=AWS_READ, writes=AWS_WRITE)
    with pytest.raises(CursorsUnavailable):
        table.read("q", Deadline.after(seconds))
    with pytest.raises(CursorsUnavailable):
        table.write("q", CURSOR, Deadline.after(seconds))
