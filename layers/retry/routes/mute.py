"""The times in which a route is muted: once, or weekly or daily in the time of a zone (docs/routes.md)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol

WEEK = 7
"""Days."""
LONGEST_MUTE = WEEK * 86_400.0
"""Seconds."""


class Mute(Protocol):
    """The times of a mute."""

    def until(self, now: float) -> float | None:
        """Return the end of the mute at this instant, both in seconds since the epoch; None if it is not muted."""
        ...


@dataclass(frozen=True, slots=True)
class MuteOnce:
    """One mute, in seconds since the epoch."""

    begins: float
    ends: float

    def until(self, now: float) -> float | None:
        return self.ends if self.begins <= now < self.ends else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteAgain:
    """A mute of each week, or of each day; its times are those of the zone's clocks."""

    begins: time
    ends: time
    days: int
    """Midnights between its beginning and its end."""
    weekday: int | None
    """The day on which it begins, 0 for Monday; None for each day."""
    zone: tzinfo

    def until(self, now: float) -> float | None:
        """If clocks are set back, the first of two equal times counts. A skipped time has the offset before it."""
        today = datetime.fromtimestamp(now, self.zone).date()
        for back in range(WEEK + 1):
            day = today - timedelta(days=back)
            if self.weekday in {None, day.weekday()} and self._at(day, self.begins) <= now:
                ends = self._at(day + timedelta(days=self.days), self.ends)
                if now < ends:
                    return ends
        return None

    def _at(self, day: date, moment: time) -> float:
        return datetime.combine(day, moment, self.zone).timestamp()
