import json
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast_cli.function_log import FunctionLog


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


@pytest.mark.parametrize("outcome", ["delivered", "duplicate", "skipped", "later", "parked"])
def test_every_outcome_is_read_with_its_receive(outcome: str) -> None:
    logs = Logs(
        {"message": outcome, "sns_message_id": "a", "receive": 2},
        {"message": "attempt failed", "sns_message_id": "a"},
        {"message": outcome, "sns_message_id": "b", "receive": 1},
    )
    assert [str(line) for line in FunctionLog(logs, logs, "f").about("a", 0.0)] == [f"{outcome}, receive 2"]


def test_a_move_names_its_lane_and_other_outcomes_do_not() -> None:
    """slack_alerts logs the lane that it works in every line."""
    logs = Logs(
        {"message": "moved", "sns_message_id": "a", "receive": 1, "lane": "default"},
        {"message": "delivered", "sns_message_id": "a", "receive": 1, "lane": "default"},
    )
    lines = [str(line) for line in FunctionLog(logs, logs, "f").about("a", 0.0)]
    assert lines == ["moved to lane default, receive 1", "delivered, receive 1"]
