"""The samples of events/kinds, and where a routes document sends them."""

import time
from pathlib import Path

from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from record_batch.admission import reason_to_skip
from routes.muted_lane import utc_minute
from routes.route import Routes, choose

TITLES = ("sample", "line", "destination", "mention", "muted")
type Row = tuple[str, str, str, str, str]
"""A sample, its line, its destination, its mention, and the end of its mute."""


def rows(document: Routes) -> list[Row]:
    """Return a row for each sample of events/kinds, as if it came now."""
    now = time.time()
    return [_row(document, sample, now) for sample in sorted(SAMPLES.iterdir())]


def _row(document: Routes, sample: Path, now: float) -> Row:
    said = notification_of(sample)
    route = choose(document.routes, said)
    skipped = reason_to_skip(said.record) is not None
    told = line(said.in_account(document.accounts.get(said.account, "")))
    if skipped or route is None:
        return sample.name, told, "(skipped)" if skipped else "(default)", "", ""
    lane = route.muted_lane(said, now)
    muted = "" if lane is None else f"until {utc_minute(lane.until)}"
    return sample.name, told, route.destination, route.mention, muted
