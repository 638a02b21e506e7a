"""`holdfast status`: one screen of queues, lanes, deliveries and alarms."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from holdfast_cli.account import connect
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.progress import progress
from holdfast_cli.questions import STACK
from holdfast_cli.status_facts import StackStatus, read_status
from routes.muted_lane import utc_minute

PLAIN_WIDTH = 110
NOTHING = "–"


def status(
    *, stack: StackName = STACK.default, region: Region = "", profile: Profile = "", as_json: Json = False
) -> None:
    """Show queues, the last delivery, waiting lanes and alarms. It changes nothing.

    Examples:
    holdfast status

    holdfast status --stack alerts --json
    """
    account = connect(region, profile)
    doing = f"reading the status of stack {stack}"
    with progress(doing) as step:
        found = account.run(doing, lambda: read_status(account, stack, step))
    if as_json:
        print(json.dumps(asdict(found), indent=2, default=str))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    console.print(screen(found, datetime.now(UTC)))


def screen(found: StackStatus, now: datetime) -> RenderableType:
    """Return the screen."""
    return Group(
        Text(f"stack {found.stack}: {found.state}; account {found.account}, region {found.region}"),
        Text(f"last delivery: {_ago(found.last_delivery, now)}"),
        _queues(found),
        _lanes(found, now),
        *([_muted(found, now)] if found.muted else []),
        _alarms(found, now),
        *(Text(f"{group} was read in part: newer deliveries and lanes may be missing") for group in found.cut_logs),
    )


def _queues(found: StackStatus) -> Table:
    table = Table("queue", "waiting", "in work or paused", "oldest")
    for one in found.queues:
        age = NOTHING if one.oldest_age is None else _length(one.oldest_age)
        table.add_row(one.name, str(one.visible), str(one.hidden), age)
    return table


def _lanes(found: StackStatus, now: datetime) -> RenderableType:
    if not found.lanes:
        return Text("lanes: no alert has failed and waits")
    table = Table("lane", "alerts that wait after a failure", "last reason", "last attempt", "fails since")
    for one in found.lanes:
        reason = f"{one.reason} ({one.detail})" if one.detail else one.reason
        cells = (one.lane, str(one.alerts), reason, _ago(one.last_attempt, now), _ago(one.failing_since, now))
        table.add_row(*map(Text, cells))
    return table


def _muted(found: StackStatus, now: datetime) -> Table:
    table = Table("muted destination", "alerts that wait", "until")
    for one in found.muted:
        left = _length((one.until - now).total_seconds())
        table.add_row(*map(Text, (one.destination, str(one.alerts), f"{utc_minute(one.until.timestamp())}, in {left}")))
    return table


def _alarms(found: StackStatus, now: datetime) -> RenderableType:
    if not found.all_alarms:
        return Text(f"alarms: none was found, which is a fault; see holdfast doctor --stack {found.stack}")
    if not found.alarms:
        return Text(f"alarms: none of {found.all_alarms} is in ALARM")
    table = Table("in ALARM", "since", "reason")
    for one in found.alarms:
        table.add_row(*map(Text, (one.name, _ago(one.since, now), one.reason)))
    return Group(table, Text("docs/runbook.md has a section for each of these alarms"))


def _ago(moment: datetime | None, now: datetime) -> str:
    return (
        NOTHING if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC, {_length((now - moment).total_seconds())} ago"
    )


def _length(seconds: float) -> str:
    """Return a length in its two largest units."""
    minutes, hours, days = seconds / 60, seconds / 3600, seconds / 86400
    if days >= 1:
        return f"{int(days)} d {int(hours % 24)} h"
    if hours >= 1:
        return f"{int(hours)} h {int(minutes % 60)} min"
    return f"{int(minutes)} min {int(seconds % 60)} s" if minutes >= 1 else f"{max(int(seconds), 0)} s"
