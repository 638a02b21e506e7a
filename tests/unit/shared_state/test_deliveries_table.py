from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from retry_policies.testing import FakeTime
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.rows import Conflict, Row, Rows, RowsUnavailable, State
from tests.support.steps.rows_contract import OTHER, ROW, RowsContract
from tests.support.steps.tables import NAME, deliveries_table


class TestDeliveriesTable(RowsContract):
    @pytest.fixture
    def rows(self) -> Iterator[DeliveriesTable]:
        with deliveries_table() as table:
            yield table


class Failing:
    """A client that fails, at each call or before or after the first."""

    def __init__(self, error: Exception, client: Any = None, *, writes: bool = False) -> None:  # noqa: ANN401 - boto3's
        self.error: Exception | None = error
        self.client = client
        self.writes = writes
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(**request: object) -> object:
            self.calls += 1
            error, self.error = self.error, None if self.client else self.error
            if error is None:
                return getattr(self.client, name)(**request)
            if self.writes:
                getattr(self.client, name)(**request)
            raise error

        return call


def refusal(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Put")  # type: ignore[typeddict-item] # what a classifier looks at


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
def test_f7_a_table_that_does_not_answer_is_asked_twice_at_most(
    call: Callable[[Rows], object], error: Exception, code: str, attempts: int
) -> None:
    time, client = FakeTime(), Failing(error)
    with pytest.raises(RowsUnavailable, match=f"^{code}$"):
        call(DeliveriesTable(client, NAME, time.policy(TABLE_POLICY)))
    assert client.calls == attempts
    assert time.now < 1.0


@pytest.mark.parametrize("old", [None, ROW])
def test_a_write_that_was_taken_though_no_answer_came_finds_its_own_token(old: Row | None) -> None:
    lost = ReadTimeoutError(endpoint_url="http://127.0.0.1")
    with deliveries_table() as table:
        if old is not None:
            table.swap("a", None, old)
        client = Failing(lost, table.client, writes=True)
        DeliveriesTable(client, NAME, FakeTime().policy(TABLE_POLICY)).swap("a", old, OTHER)
        assert client.calls == 2
        assert table.read("a") == OTHER


def test_a_row_that_nobody_can_read_is_none_to_rely_on() -> None:
    with deliveries_table() as table:
        table.client.put_item(TableName=NAME, Item={"id": {"S": "a"}, "state": {"S": "new"}})
        with pytest.raises(RowsUnavailable, match=r"^unreadable_row$"):
            table.read("a")
        with pytest.raises(RowsUnavailable, match=r"^unreadable_row$"):
            table.swap("a", None, ROW)
        with pytest.raises(Conflict):
            table.swap("b", ROW, OTHER)


def test_the_table_expires_rows_by_whole_seconds() -> None:
    with deliveries_table() as table:
        table.swap("a", None, ROW)
        assert table.client.get_item(TableName=NAME, Key={"id": {"S": "a"}})["Item"]["expires"] == {"N": "1766592000"}


def test_a_row_of_the_version_before_lanes_is_read_and_swapped() -> None:
    old = {
        "id": {"S": "a"},
        "token": {"S": "t1"},
        "state": {"S": "free"},
        "until": {"N": "1764000090.125"},
        "count": {"N": "3"},
        "expires": {"N": "1766592000"},
        "hop": {"N": "2"},
        "doubtful": {"BOOL": True},
    }
    expected = Row(
        token=ROW.token, state=State.FREE, until=ROW.until, count=3, expires=ROW.expires, hop=2, is_doubtful=True
    )
    with deliveries_table() as table:
        table.client.put_item(TableName=NAME, Item=old)
        assert table.read("a") == expected
        table.swap("a", expected, OTHER)
        assert table.read("a") == OTHER


def test_the_version_before_lanes_finds_in_a_row_all_that_it_reads() -> None:
    """A rollback to it leaves rows of this version in the table."""
    with deliveries_table() as table:
        table.swap("a", None, ROW)
        item = table.client.get_item(TableName=NAME, Key={"id": {"S": "a"}})["Item"]
    before = {"id", "token", "state", "until", "count", "expires", "hop", "doubtful"}
    assert before <= set(item)
    assert item["state"]["S"] in {"claimed", "free", "posted", "parked"}


@pytest.mark.parametrize("name", ["failures", "failing_since", "crashes", "alone", "simplified", "facts"])
def test_a_row_with_a_fact_of_another_type_is_unreadable(name: str) -> None:
    with deliveries_table() as table:
        table.swap("a", None, ROW)
        item = table.client.get_item(TableName=NAME, Key={"id": {"S": "a"}})["Item"]
        table.client.put_item(TableName=NAME, Item=item | {name: {"M": {}}})
        with pytest.raises(RowsUnavailable, match=r"^unreadable_row$"):
            table.read("a")
