"""The event of a redrive -> Request."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

NO_LIMIT = 1_000_000


class Source(Enum):
    """The queues whose messages go back."""

    DEAD_LETTERS = "dead_letters"
    """LanesDeadLetterQueue to the end of each lane, AlertsDeadLetterQueue to AlertsQueue."""
    PARKING = "parking"
    """ParkingQueue to AlertsQueue."""


class RequestError(ValueError):
    """The event has an unknown field or an invalid value; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One redrive; a dry run unless the event says otherwise."""

    source: Source = Source.DEAD_LETTERS
    is_dry_run: bool = True
    reasons: frozenset[str] = frozenset()
    """Only messages parked for one of these reasons; empty: for any."""
    older_than: float = 0.0
    """Least age in seconds: of a parked message since its parking, of a dead letter since its publication."""
    limit: int = NO_LIMIT
    """The most messages that leave the queue."""

    @property
    def sees_lanes_in_part(self) -> bool:
        """Whether this request leaves dead letters in their queue, where they hide those behind them in their lane."""
        return self.source is Source.DEAD_LETTERS and (self.is_dry_run or self.older_than > 0)

    @classmethod
    def from_event(cls, event: object) -> Self:
        """{"queue", "dry_run", "reasons", "older_than", "limit"}, each optional. Raises RequestError."""
        if not isinstance(event, Mapping):
            raise RequestError("the event must be an object")
        if unknown := sorted(map(str, event.keys() - set(FIELDS))):
            raise RequestError(f"{unknown[0]}: is not a field; the fields are {', '.join(FIELDS)}")
        source = _source(event.get("queue", Source.DEAD_LETTERS.value))
        reasons = _reasons(event.get("reasons", []))
        if reasons and source is not Source.PARKING:
            raise RequestError("reasons: only parked alerts have a reason")
        return cls(
            source=source,
            is_dry_run=_flag(event.get("dry_run", True)),
            reasons=reasons,
            older_than=_number("older_than", event.get("older_than", 0)),
            limit=_number("limit", event.get("limit", NO_LIMIT)),
        )


FIELDS = ("queue", "dry_run", "reasons", "older_than", "limit")


def _source(value: object) -> Source:
    names = [one.value for one in Source]
    if value not in names:
        raise RequestError(f"queue: must be one of {', '.join(names)}")
    return Source(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise RequestError("dry_run: must be true or false")
    return value


def _reasons(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RequestError("reasons: must be a list of parking reasons")
    return frozenset(value)


def _number(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise RequestError(f"{name}: must be a whole number, 0 or more")
    return value
