"""The lanes in which the alerts of muted routes wait."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

NAME = re.compile(r"([a-z0-9-]{1,64})\.muted-([0-9]{1,12})-([0-9]{1,6})")
"""The name of a destination has no dot."""


@dataclass(frozen=True, slots=True)
class MutedLane:
    """One lane for each destination, end of a mute and route, so that alerts with another end do not wait behind it."""

    destination: str
    until: int
    """The end of the mute, in seconds since the epoch."""
    route: int
    """The position of the route in its document."""

    @property
    def name(self) -> str:
        return f"{self.destination}.muted-{self.until}-{self.route}"

    @classmethod
    def of(cls, lane: str) -> "MutedLane | None":
        """Return the muted lane of this name; None for another lane."""
        found = NAME.fullmatch(lane)
        return cls(found[1], int(found[2]), int(found[3])) if found else None


def utc_minute(seconds: float) -> str:
    """Return `2026-01-31 13:00 UTC`, as messages and the command show the end of a mute."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
