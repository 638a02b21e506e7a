"""The lanes and their last delivery, from the log of slack_alerts and the rows of the lanes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfast_cli.account import Account
from holdfast_cli.function_log import FunctionLog
from holdfast_cli.stack import Stack
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.rows import RowsUnavailable

WINDOWS = (timedelta(minutes=10), timedelta(hours=6), timedelta(days=7))
"""Periods in which the last delivery is looked for, one after the other: a search reads each line of a period."""
LONGEST_PAUSE = timedelta(minutes=20)
"""A lane that fails writes a line at least this often."""
PAGES = 20
ENDS = ("delivered", "duplicate", "parked", "moved", "skipped")


@dataclass(frozen=True)
class LaneWait:
    """A lane whose last attempt failed."""

    lane: str
    alerts: int
    """Alerts that were tried and wait. Those behind them, not tried yet, are in the depth of LanesQueue."""
    reason: str
    detail: str
    last_attempt: datetime
    failing_since: datetime | None


@dataclass(frozen=True)
class Line:
    at: datetime
    outcome: str
    alert: str
    fields: dict[str, Any]


def last_delivery(account: Account, stack: Stack, now: datetime, cut: set[str]) -> datetime | None:
    """Return the time of the last delivery within a week, or None."""
    for window in WINDOWS:
        found = [line.at for line in lines(account, stack.slack_alerts_function_name, ["delivered"], now - window, cut)]
        if found:
            return max(found)
    return None


def waiting_lanes(account: Account, stack: Stack, now: datetime, cut: set[str]) -> list[LaneWait]:
    """Return the lanes with alerts that wait after a failure, by name."""
    since = now - LONGEST_PAUSE
    later: dict[str, dict[str, Line]] = {}
    for line in lines(account, stack.slack_alerts_function_name, ["later"], since, cut):
        later.setdefault(str(line.fields.get("lane") or stack.default_destination), {})[line.alert] = line
    if not later:
        return []
    ended = {
        line.alert: line.at
        for outcome in ENDS
        for line in lines(account, stack.slack_alerts_function_name, [outcome], since, cut)
    }
    table = DeliveriesTable(account.client("dynamodb"), stack.deliveries_table, TABLE_POLICY)
    waits = []
    for lane, by_alert in sorted(later.items()):
        left = [one for one in by_alert.values() if ended.get(one.alert, since) <= one.at]
        if left:
            waits.append(_wait(lane, left, table))
    return waits


def _wait(lane: str, left: list[Line], table: DeliveriesTable) -> LaneWait:
    newest = max(left, key=lambda one: one.at)
    try:
        row = table.read(f"lane#{lane}")
    except RowsUnavailable:  # the rest of the screen is worth more
        row = None
    since = datetime.fromtimestamp(row.failing_since, UTC) if row and row.failures else None
    reason, detail = (str(newest.fields.get(name, "")) for name in ("reason", "detail"))
    return LaneWait(lane, len(left), reason, detail, newest.at, since)


def lines(account: Account, function: str, words: Sequence[str], since: datetime, cut: set[str]) -> Iterator[Line]:
    """Yield the lines of a function with these words, of which the first is the outcome, oldest first.

    Add its log to `cut` if it is read in part.
    """
    pattern = " ".join(f'"{word}"' for word in words)
    group = FunctionLog(account.client("lambda"), account.client("logs"), function).group
    pages = (
        account.client("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName=group, startTime=int(since.timestamp() * 1000), filterPattern=pattern)
    )
    for number, page in enumerate(pages):
        if number == PAGES:
            cut.add(group)
            return
        for event in page["events"]:
            line = _line(event, words[0])
            if line:
                yield line


def _line(event: dict[str, Any], outcome: str) -> Line | None:
    try:
        fields = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(fields, dict) or fields.get("message") != outcome:
        return None
    alert = str(fields.get("sns_message_id") or fields.get("message_id", ""))
    return Line(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), outcome, alert, fields)
