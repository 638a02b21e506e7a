"""The outcomes of an alert in the log of a function, receive by receive."""

import json
from dataclasses import dataclass
from typing import Any

MARGIN = 60.0
"""Seconds by which the clocks of this machine and of AWS may differ."""
READ_EVERY = 2.0
"""Seconds between two reads of a log that is followed."""
OUTCOMES = frozenset({"delivered", "duplicate", "skipped", "later", "parked", "moved"})
PICTURES = frozenset({"picture posted", "no picture"})
"""The lines about the picture of an alert; the second one has a reason."""


@dataclass(frozen=True)
class Line:
    """The outcome of one receive."""

    outcome: str
    receive: int
    reason: str = ""
    detail: str = ""
    lane: str = ""
    """The lane of a move; "" for any other outcome."""

    def __str__(self) -> str:
        """Return the outcome on one line."""
        why = f": {self.reason}" if self.reason else ""
        where = f" to lane {self.lane}" if self.lane else ""
        return f"{self.outcome}{where}{why}{f' ({self.detail})' if self.detail else ''}, receive {self.receive}"


class FunctionLog:
    """The log group of a function."""

    def __init__(self, functions: Any, logs: Any, function_name: str) -> None:  # noqa: ANN401 - no types are installed
        configuration = functions.get_function_configuration(FunctionName=function_name)
        self._logs = logs
        self.group = configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function_name}"

    def about(self, sns_message_id: str, since: float, messages: frozenset[str] = OUTCOMES) -> list[Line]:
        """Return the lines about an alert since a Unix time, oldest first: its outcomes, or the given messages."""
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self.group, startTime=int((since - MARGIN) * 1000), filterPattern=f'"{sns_message_id}"'
        )
        read = (_read(event["message"], sns_message_id, messages) for page in pages for event in page["events"])
        return [line for line in read if line is not None]


def _read(text: str, sns_message_id: str, messages: frozenset[str]) -> Line | None:
    """Return the line in a log event, or None if the event is about something else."""
    try:
        entry = json.loads(text)
    except ValueError:
        return None
    if not isinstance(entry, dict) or entry.get("sns_message_id") != sns_message_id:
        return None
    outcome, receive = entry.get("message"), entry.get("receive")
    if outcome not in messages:
        return None
    return Line(
        outcome,
        receive if isinstance(receive, int) else 1,
        str(entry.get("reason", "")),
        str(entry.get("detail") or entry.get("code", "")),
        str(entry.get("lane", "")) if outcome == "moved" else "",
    )
