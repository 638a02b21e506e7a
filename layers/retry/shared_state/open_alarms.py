"""The alarms in ALARM that have reminders, in one row."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared_state.index_row import IndexRow

MOST = 1_000
"""Alarms that the row holds; further ones get no reminder."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next reminder of an alarm, in seconds since the epoch, and the seconds between two."""

    at: float
    every: float


@dataclass(frozen=True, slots=True)
class OpenAlarms:
    """By the key of the alarm's thread: its next reminder."""

    index: IndexRow

    def read(self) -> Mapping[str, Due]:
        return _dues(self.index.read())

    def note(self, key: str, every: float, *, is_open: bool) -> None:
        """Note that an alarm is in ALARM, or not any more."""
        if is_open is not (key in self.read()):
            self.put(key, Due(self.index.clock() + every, every) if is_open else None)

    def put(self, key: str, due: Due | None) -> None:
        """Set the next reminder of an alarm; None removes it."""
        new = {} if due is None else {key: due}
        self.index.change(lambda known: _pairs({one: at for one, at in _dues(known).items() if one != key} | new))


def _pairs(dues: Mapping[str, Due]) -> dict[str, list[float]]:
    return {key: [due.at, due.every] for key, due in [*dues.items()][:MOST]}


def _dues(value: object) -> dict[str, Due]:
    """Return the reminders of a row; those that this version cannot read are left out."""
    found = value.items() if isinstance(value, dict) else ()
    return {key: Due(*pair) for key, pair in found if _is_pair(pair)}


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, int | float) for one in pair)  # noqa: PLR2004 - a pair
