"""The alerts of muted routes that wait, from the logs of slack_alerts and intake."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from holdfast_cli.account import Account
from holdfast_cli.lane_log import LaneWait, lines
from holdfast_cli.stack import Stack
from routes.muted_lane import MutedLane

LONGEST = timedelta(days=7)
"""The longest mute."""


@dataclass(frozen=True)
class MutedAlerts:
    """The alerts of one destination that wait for one end."""

    destination: str
    until: datetime
    alerts: int
    """The alerts that intake has sent there."""


def split(waits: Iterable[LaneWait]) -> tuple[list[LaneWait], list[str]]:
    """Return (the lanes that wait after a failure, the names of muted lanes)."""
    found = list(waits)
    muted = [one.lane for one in found if MutedLane.of(one.lane)]
    return [one for one in found if one.lane not in muted], muted


def muted_alerts(account: Account, stack: Stack, names: Iterable[str], now: datetime) -> list[MutedAlerts]:
    """Return the alerts of these muted lanes, by destination and end."""
    counted: Counter[tuple[str, int]] = Counter()
    for name in names:
        if lane := MutedLane.of(name):
            sent = lines(account, stack.intake_function_name, "moved", now - LONGEST)
            counted[lane.destination, lane.until] += len({one.alert for one in sent if one.fields.get("lane") == name})
    return [
        MutedAlerts(destination, datetime.fromtimestamp(until, UTC), alerts)
        for (destination, until), alerts in sorted(counted.items())
    ]
