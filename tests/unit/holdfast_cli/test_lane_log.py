import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from holdfast_cli.account import Account
from holdfast_cli.lane_log import PAGES, last_delivery, waiting_lanes
from holdfast_cli.stack import Stack
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.rows import Row, State
from tests.unit.holdfast_cli.cloudformation import Session, account_with
from tests.unit.holdfast_cli.stacks import OUTPUTS

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
STACK = Stack.from_outputs("holdfast", OUTPUTS)


class Log:
    """The log of slack_alerts; `lines` are (minutes ago, fields)."""

    def __init__(self, *lines: tuple[float, dict[str, Any]]) -> None:
        self.lines = lines

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:
        assert FunctionName == "slack-alerts"
        return {"LoggingConfig": {"LogGroup": "group"}}

    def get_paginator(self, _name: str) -> "Log":
        return self

    def paginate(self, *, logGroupName: str, startTime: int, filterPattern: str) -> Iterator[dict[str, Any]]:
        assert logGroupName == "group"
        for minutes, fields in self.lines:
            at, text = int((NOW - timedelta(minutes=minutes)).timestamp() * 1000), json.dumps(fields)
            if at >= startTime and all(word in text for word in filterPattern.split(" ")):
                yield {"events": [{"timestamp": at, "message": text}, {"timestamp": at, "message": "START"}]}


def later(alert: str, lane: str = "ops", reason: str = "throttled", detail: str = "") -> dict[str, Any]:
    return {"message": "later", "sns_message_id": alert, "lane": lane, "reason": reason, "detail": detail}


def delivered(alert: str) -> dict[str, Any]:
    return {"message": "delivered", "sns_message_id": alert}


def account_of(*lines: tuple[float, dict[str, Any]]) -> Account:
    log = Log(*lines)
    return account_with(Session(services={"lambda": log, "logs": log}))


@pytest.fixture
def _table(session: boto3.Session) -> None:
    dynamodb = session.client("dynamodb")
    key: Any = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    }
    dynamodb.create_table(TableName="deliveries", BillingMode="PAY_PER_REQUEST", **key)


@pytest.mark.parametrize("minutes", [1, 60, 3 * 24 * 60])
def test_the_last_delivery_of_a_week_is_found(minutes: int) -> None:
    found = last_delivery(account_of((minutes + 1, delivered("a")), (minutes, delivered("b"))), STACK, NOW, set())
    assert found == NOW - timedelta(minutes=minutes)


def test_without_a_delivery_there_is_none() -> None:
    assert last_delivery(account_of((1, {"message": "not delivered"})), STACK, NOW, set()) is None


@pytest.mark.usefixtures("_table")
def test_a_lane_waits_with_the_alerts_that_have_no_end_since() -> None:
    account = account_of(
        (9, later("a")),
        (8, later("b")),
        (7, later("c", "chat", "secret_missing")),
        (6, delivered("a")),
        (5, delivered("d")),
        (4, later("b", detail="429")),
        (3, delivered("c")),
    )
    [wait] = waiting_lanes(account, STACK, NOW, set())
    assert (wait.lane, wait.alerts, wait.reason, wait.detail) == ("ops", 1, "throttled", "429")
    assert wait.last_attempt == NOW - timedelta(minutes=4)
    assert wait.failing_since is None


@pytest.mark.usefixtures("_table")
def test_the_row_of_a_lane_says_since_when_it_fails(session: boto3.Session) -> None:
    since = NOW - timedelta(hours=2)
    row = Row(token="", state=State.FAILING, until=0, count=0, expires=9e9, failures=4, failing_since=since.timestamp())
    DeliveriesTable(session.client("dynamodb"), "deliveries", TABLE_POLICY).swap("lane#ops", None, row)
    [wait] = waiting_lanes(account_of((1, later("a"))), STACK, NOW, set())
    assert wait.failing_since == since


@pytest.mark.usefixtures("session")
def test_without_the_table_only_the_beginning_is_unknown() -> None:
    [wait] = waiting_lanes(account_of((1, later("a"))), STACK, NOW, set())
    assert (wait.lane, wait.failing_since) == ("ops", None)


def test_an_old_failure_is_not_read() -> None:
    assert waiting_lanes(account_of((30, later("a"))), STACK, NOW, set()) == []


def test_a_log_that_is_read_in_part_is_named() -> None:
    cut = set[str]()
    last_delivery(account_of(*[(1, delivered(str(number))) for number in range(PAGES)]), STACK, NOW, cut)
    assert cut == set()
    last_delivery(account_of(*[(1, delivered(str(number))) for number in range(PAGES + 1)]), STACK, NOW, cut)
    assert cut == {"group"}
