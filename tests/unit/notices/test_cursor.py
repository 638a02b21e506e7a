"""The contract of each store of cursors."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from notices.cursor import KEPT, Cursors, CursorsUnavailable, CursorTable, MemoryCursors, key
from notices.models import TOLD_LIMIT, Cursor
from retry_policies import Deadline
from retry_policies.presets import AWS_READ, AWS_WRITE
from tests.support.steps import tables
from tests.support.steps.clock import FakeClock
from tests.support.steps.scripted_store import refusal

CURSOR = Cursor(told=("b", "a"), unnamed=3, depth=5, looked_at=1_764_000_090.125)
OTHER = Cursor(told=(), unnamed=0, depth=0, looked_at=1_764_000_100.0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def deadline() -> Deadline:
    return Deadline.after(60)


def memory(clock: FakeClock) -> MemoryCursors:
    return MemoryCursors(clock)


def table(clock: FakeClock) -> CursorTable:
    client: Any = boto3.client("dynamodb", region_name="eu-west-1")
    tables.create(client)
    return CursorTable(client=client, name=tables.NAME, reads=AWS_READ, writes=AWS_WRITE, clock=clock)


class TestEachStore:
    @pytest.fixture(params=[memory, table], ids=["memory", "table"])
    def cursors(self, request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[Cursors]:
        make: Callable[[FakeClock], Cursors] = request.param
        with mock_aws():
            yield make(clock)

    def test_a_cursor_is_read_as_it_was_written(self, cursors: Cursors, deadline: Deadline) -> None:
        assert cursors.read("q", deadline) == Cursor()
        cursors.write("q", CURSOR, deadline)
        assert (cursors.read("q", deadline), cursors.read("p", deadline)) == (CURSOR, Cursor())

    def test_a_cursor_replaces_the_one_before(self, cursors: Cursors, deadline: Deadline) -> None:
        cursors.write("q", CURSOR, deadline)
        cursors.write("q", OTHER, deadline)
        assert cursors.read("q", deadline) == OTHER

    def test_a_full_cursor_fits(self, cursors: Cursors, deadline: Deadline) -> None:
        full = replace(CURSOR, told=tuple(f"{number:016x}" for number in range(TOLD_LIMIT)))
        cursors.write("q", full, deadline)
        assert cursors.read("q", deadline) == full

    def test_a_cursor_expires_after_thirty_days(self, cursors: Cursors, clock: FakeClock, deadline: Deadline) -> None:
        cursors.write("q", CURSOR, deadline)
        clock.now += KEPT - 1
        assert cursors.read("q", deadline) == CURSOR
        clock.now += 1
        assert cursors.read("q", deadline) == Cursor()


@mock_aws
def test_a_row_of_another_version_is_no_cursor_and_is_replaced(clock: FakeClock, deadline: Deadline) -> None:
    cursors = table(clock)
    cursors.client.put_item(TableName=tables.NAME, Item={"id": {"S": key("q")}, "expires": {"N": "9999999999"}})
    assert cursors.read("q", deadline) == Cursor()
    cursors.write("q", CURSOR, deadline)
    assert cursors.read("q", deadline) == CURSOR


@mock_aws
def test_a_row_has_the_key_that_no_alert_has_and_a_time_to_live(clock: FakeClock, deadline: Deadline) -> None:
    cursors = table(clock)
    cursors.write("q", CURSOR, deadline)
    [item] = cursors.client.scan(TableName=tables.NAME)["Items"]
    assert (item["id"], item["expires"]) == ({"S": "notices#q"}, {"N": str(int(clock.now + KEPT))})


@pytest.mark.parametrize("seconds", [60, -1], ids=["denied", "no time"])
@mock_aws
def test_a_table_that_does_not_answer_is_unavailable(clock: FakeClock, seconds: float) -> None:
    class Denied:
        def get_item(self, **_: object) -> object:
            raise refusal("AccessDeniedException")

        put_item = get_item

    cursors = CursorTable(client=Denied(), name="t", reads=AWS_READ, writes=AWS_WRITE, clock=clock)
    with pytest.raises(CursorsUnavailable):
        cursors.read("q", Deadline.after(seconds))
    with pytest.raises(CursorsUnavailable):
        cursors.write("q", CURSOR, Deadline.after(seconds))
