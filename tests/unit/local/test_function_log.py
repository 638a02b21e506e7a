import json
from collections.abc import Iterator
from typing import Any

import pytest
from local.function_log import FunctionLog


class Logs:
    """CloudWatch Logs and Lambda in one."""

    def __init__(self, *said: dict[str, object]) -> None:
        self.said = said

    def get_function_configuration(self, **_: object) -> dict[str, object]:
        return {}

    def get_paginator(self, _: str) -> "Logs":
        return self

    def paginate(self, **_: object) -> Iterator[dict[str, Any]]:
        yield {"events": [{"message": json.dumps(line)} for line in self.said]}


@pytest.mark.parametrize("outcome", ["delivered", "duplicate", "skipped", "moved", "later", "parked"])
def test_every_outcome_is_told_with_its_receive(outcome: str) -> None:
    logs = Logs(
        {"message": outcome, "sns_message_id": "a", "receive": 2},
        {"message": "attempt failed", "sns_message_id": "a"},
        {"message": outcome, "sns_message_id": "b", "receive": 1},
    )
    assert [str(line) for line in FunctionLog(logs, logs, "f").about("a", 0.0)] == [f"{outcome}, receive 2"]


def test_what_was_moved_names_its_lane() -> None:
    logs = Logs({"message": "moved", "sns_message_id": "a", "receive": 1, "lane": "team"})
    assert [str(line) for line in FunctionLog(logs, logs, "f").about("a", 0.0)] == ["moved: team, receive 1"]


def test_the_lane_in_which_something_was_delivered_is_no_reason() -> None:
    logs = Logs({"message": "delivered", "sns_message_id": "a", "receive": 1, "lane": "team"})
    assert [str(line) for line in FunctionLog(logs, logs, "f").about("a", 0.0)] == ["delivered, receive 1"]
