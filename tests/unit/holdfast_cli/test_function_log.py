import json
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast_cli.function_log import OUTCOMES, FunctionLog


class Logs:
    """CloudWatch Logs and Lambda in one."""

    def __init__(self, *lines: object, group: str = "") -> None:
        self.lines, self.group = lines, group
        self.queries: list[dict[str, object]] = []

    def get_function_configuration(self, **_: object) -> dict[str, object]:
        return {"LoggingConfig": {"LogGroup": self.group}} if self.group else {}

    def get_paginator(self, _: str) -> "Logs":
        return self

    def paginate(self, **query: object) -> Iterator[dict[str, Any]]:
        self.queries.append(query)
        yield {"events": [{"message": json.dumps(line)} for line in self.lines]}
        yield {"events": [{"message": "START RequestId: 1"}]}


def outcomes(*lines: object) -> list[str]:
    logs = Logs(*lines)
    return [str(line) for line in FunctionLog(logs, logs, "f").about("a", 0.0)]


@pytest.mark.parametrize("outcome", sorted(OUTCOMES - {"moved"}))
def test_every_outcome_is_read_with_its_receive(outcome: str) -> None:
    lines: tuple[object, ...] = (
        {"message": outcome, "sns_message_id": "a", "receive": 2},
        {"message": "attempt failed", "sns_message_id": "a"},
        {"message": outcome, "sns_message_id": "b", "receive": 1},
        [],
    )
    assert outcomes(*lines) == [f"{outcome}, receive 2"]


def test_only_a_move_shows_its_lane_and_each_outcome_its_reason() -> None:
    facts = {"sns_message_id": "a", "receive": 1, "lane": "default"}  # slack_alerts logs the lane in every line
    parked = {"message": "parked", "reason": "message_refused", "detail": "no_text"}
    assert outcomes(facts | {"message": "moved"}, facts | parked) == [
        "moved to lane default, receive 1",
        "parked: message_refused (no_text), receive 1",
    ]


@pytest.mark.parametrize(("configured", "group"), [("", "/aws/lambda/f"), ("own-group", "own-group")])
def test_the_log_group_is_the_configured_one_or_lambdas_default(configured: str, group: str) -> None:
    logs = Logs(group=configured)
    log = FunctionLog(logs, logs, "f")
    assert log.about("sns-1", 1000.0) == []
    assert logs.queries[0] == {"logGroupName": group, "startTime": 940_000, "filterPattern": '"sns-1"'}
