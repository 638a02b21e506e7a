"""The alerts of muted routes that wait, from the logs of slack_alerts and intake."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from holdfast_cli.account import Account
from holdfast_cli.lane_log import LaneWait, lines
from holdfast_cli.stack import Stack
from outcomes.outcome import LaterReason
from routes.mute import LONGEST_MUTE
from routes.muted_lane import MutedLane


@dataclass(frozen=True)
class MutedAlerts:
    """The alerts of one destination that wait for one end."""

    destination: str
    until: datetime
    alerts: int
    """The alerts that intake has sent there, or slack_alerts after a change of the mute."""


def split(waits: Iterable[LaneWait]) -> tuple[list[LaneWait], list[str]]:
    """Return (the lanes that wait after a failure, the names of those that hold muted alerts)."""
    failing: list[LaneWait] = []
    muted: list[str] = []
    for one in waits:
        if one.reason == LaterReason.MUTED.value:
            muted.append(one.lane)
        else:
            failing.append(one)
    return failing, muted


def muted_alerts(
    account: Account, stack: Stack, names: Iterable[str], now: datetime, cut: set[str]
) -> list[MutedAlerts]:
    """Return the alerts of these muted lanes, by destination and end."""
    counted: Counter[tuple[str, int]] = Counter()
    for name in names:
        if lane := MutedLane.of(name):
            counted[lane.destination, lane.until] += len(_sent_to(account, stack, name, now, cut))
    return [
        MutedAlerts(destination, datetime.fromtimestamp(until, UTC), alerts)
        for (destination, until), alerts in sorted(counted.items())
    ]


def _sent_to(account: Account, stack: Stack, lane: str, now: datetime, cut: set[str]) -> set[str]:
    """Return the alerts that were sent to this lane."""
    since = now - timedelta(seconds=LONGEST_MUTE)
    functions = (stack.intake_function_name, stack.slack_alerts_function_name)
    sent = (one for function in functions for one in lines(account, function, ["moved", lane], since, cut))
    return {one.alert for one in sent if one.fields.get("lane") == lane}
