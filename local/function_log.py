"""The outcomes of one alert in a function's log, receive by receive."""

import json
from dataclasses import dataclass
from typing import Any

MARGIN = 60.0
"""Seconds that the clocks of this machine and of AWS may differ."""
OUTCOMES = frozenset({"delivered", "duplicate", "skipped", "moved", "later", "parked"})


@dataclass(frozen=True)
class Line:
    """The outcome of one receive."""

    outcome: str
    receive: int
    reason: str = ""
    """Of what was moved, the lane."""
    detail: str = ""

    def __str__(self) -> str:
        """In words, on one line."""
        why = f": {self.reason}" if self.reason else ""
        return f"{self.outcome}{why}{f' ({self.detail})' if self.detail else ''}, receive {self.receive}"


class FunctionLog:
    """The log group that a function writes to."""

    def __init__(self, functions: Any, logs: Any, function_name: str) -> None:  # noqa: ANN401 - no types are installed
        configuration = functions.get_function_configuration(FunctionName=function_name)
        self._logs = logs
        self.group = configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function_name}"

    def about(self, sns_message_id: str, since: float) -> list[Line]:
        """The outcomes of that alert since a Unix time, oldest first."""
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self.group, startTime=int((since - MARGIN) * 1000), filterPattern=f'"{sns_message_id}"'
        )
        read = (_read(event["message"], sns_message_id) for page in pages for event in page["events"])
        return [line for line in read if line is not None]


def _read(text: str, sns_message_id: str) -> Line | None:
    """One event of the log -> what it says of that alert; None for everything else."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    if not isinstance(said, dict) or said.get("sns_message_id") != sns_message_id:
        return None
    outcome, receive = said.get("message"), said.get("receive")
    if outcome not in OUTCOMES:
        return None
    reason = str(said.get("reason", said.get("lane", "") if outcome == "moved" else ""))
    return Line(outcome, receive if isinstance(receive, int) else 1, reason, said.get("detail", ""))
