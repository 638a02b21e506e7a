"""The outcomes of one alert in the log of a function, receive by receive."""

import json
from dataclasses import dataclass
from typing import Any

MARGIN = 60.0
"""Seconds that the clocks of this machine and of AWS may differ."""
OUTCOMES = frozenset({"delivered", "duplicate", "skipped", "later", "parked", "moved"})


@dataclass(frozen=True)
class Line:
    """The outcome of one receive."""

    outcome: str
    receive: int
    reason: str = ""
    detail: str = ""
    lane: str = ""
    """The lane that it was moved to; "" for any other outcome."""

    def __str__(self) -> str:
        """Return the outcome in words, on one line."""
        why = f": {self.reason}" if self.reason else ""
        where = f" to lane {self.lane}" if self.lane else ""
        return f"{self.outcome}{where}{why}{f' ({self.detail})' if self.detail else ''}, receive {self.receive}"


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
    return Line(
        outcome,
        receive if isinstance(receive, int) else 1,
        str(said.get("reason", "")),
        str(said.get("detail", "")),
        str(said.get("lane", "")) if outcome == "moved" else "",
    )
