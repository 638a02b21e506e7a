from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from retry_policies.testing import FakeTime
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.rows import Conflict, Row, Rows, RowsUnavailable, State
from tests.support.steps.rows_contract import OTHER, ROW, RowsContract
from tests.support.steps.scripted_store import refusal
from tests.support.steps.tables import NAME, deliveries_table

KEY = {"id": {"S": "a"}}
OLD_ITEM = {
    **KEY,
    "token": {"S": "t1"},
    "state": {"S": "free"},
    "until": {"N": "1764000090.125"},
    "count": {"N": "3"},
    "expires": {"N": "1766592000"},
    "hop": {"N": "2"},
    "doubtful": {"BOOL": True},
}
"""A row of the version before lanes."""


@pytest.fixture
def rows() -> Iterator[DeliveriesTable]:
    with deliveries_table() as table:
        yield table


class TestDeliveriesTable(RowsContract):
    pass


def item(rows: DeliveriesTable) -> dict[str, Any]:
    found: dict[str, Any] = rows.client.get_item(TableName=NAME, Key=KEY)["Item"]
    return found


class Failing:
    """A client whose calls raise the error; with an inner client, only the first, which takes effect all the same."""

    def __init__(self, error: Exception, client: Any = None) -> None:  # noqa: ANN401 - boto3's
        self.error = error
        self.client = client
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(**request: object) -> object:
            self.calls += 1
            answer = getattr(self.client, name)(**request) if self.client else None
            if self.client is None or self.calls == 1:
                raise self.error
            return answer

        return call


CALLS: list[Callable[[Rows], object]] = [
    lambda rows: rows.read("a"),
    lambda rows: rows.swap("a", None, ROW),
    lambda rows: rows.swap("a", ROW, OTHER),
    lambda rows: rows.remove("a", ROW),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("error", "code", "attempts"),
    [
        (refusal("AccessDeniedException"), "AccessDeniedException", 1),
        (refusal("ResourceNotFoundException"), "ResourceNotFoundException", 1),
        (refusal("ProvisionedThroughputExceededException"), "ProvisionedThroughputExceededException", 2),
        (refusal("InternalServerError", 500), "InternalServerError", 2),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1"), "EndpointConnectionError", 2),
        (ReadTimeoutError(endpoint_url="http://127.0.0.1"), "ReadTimeoutError", 2),
    ],
)
def test_f7_a_table_that_does_not_answer_is_called_twice_at_most(
    call: Callable[[Rows], object], error: Exception, code: str, attempts: int
) -> None:
    time, client = FakeTime(), Failing(error)
    with pytest.raises(RowsUnavailable, match=f"^{code}$"):
        call(DeliveriesTable(client, NAME, time.policy(TABLE_POLICY)))
    assert client.calls == attempts
    assert time.now < 1.0


@pytest.mark.parametrize("old", [None, ROW])
def test_a_repeated_write_whose_first_answer_was_lost_is_no_conflict(rows: DeliveriesTable, old: Row | None) -> None:
    if old is not None:
        rows.swap("a", None, old)
    client = Failing(ReadTimeoutError(endpoint_url="http://127.0.0.1"), rows.client)
    DeliveriesTable(client, NAME, FakeTime().policy(TABLE_POLICY)).swap("a", old, OTHER)
    assert client.calls == 2
    assert rows.read("a") == OTHER


def test_an_unreadable_row_raises_and_other_rows_are_not_affected(rows: DeliveriesTable) -> None:
    rows.client.put_item(TableName=NAME, Item={**KEY, "state": {"S": "new"}})
    for call in CALLS[:3]:
        with pytest.raises(RowsUnavailable, match=r"^unreadable_row$"):
            call(rows)
    with pytest.raises(Conflict):
        rows.swap("b", ROW, OTHER)


@pytest.mark.parametrize("name", ["failures", "failing_since", "crashes", "alone", "simplified", "facts"])
def test_a_row_with_a_field_of_another_type_is_unreadable(rows: DeliveriesTable, name: str) -> None:
    rows.swap("a", None, ROW)
    rows.client.put_item(TableName=NAME, Item=item(rows) | {name: {"M": {}}})
    with pytest.raises(RowsUnavailable, match=r"^unreadable_row$"):
        rows.read("a")


def test_rows_expire_at_whole_seconds_as_ttl_requires(rows: DeliveriesTable) -> None:
    rows.swap("a", None, ROW)
    assert item(rows)["expires"] == {"N": "1766592000"}


def test_a_row_of_the_version_before_lanes_is_read_and_swapped(rows: DeliveriesTable) -> None:
    old = Row(token="t1", state=State.FREE, until=ROW.until, count=3, expires=ROW.expires, hop=2, is_doubtful=True)  # noqa: S106 - a version
    rows.client.put_item(TableName=NAME, Item=OLD_ITEM)
    assert rows.read("a") == old
    rows.swap("a", old, OTHER)
    assert rows.read("a") == OTHER


def test_after_a_rollback_the_version_before_lanes_can_read_a_row(rows: DeliveriesTable) -> None:
    rows.swap("a", None, ROW)
    assert item(rows).keys() >= OLD_ITEM.keys()
    assert item(rows)["state"]["S"] in {"claimed", "free", "posted", "parked"}
