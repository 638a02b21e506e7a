"""What is asked of a redrive, and what it did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

NO_LIMIT = 1_000_000


class Source(Enum):
    """A queue whose messages go back to AlertsQueue."""

    DEAD_LETTERS = "dead_letters"
    PARKING = "parking"


class RequestError(ValueError):
    """The event asks for something that is not there; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One redrive. Who asks by hand sees first what would happen."""

    source: Source = Source.DEAD_LETTERS
    is_dry_run: bool = True
    reasons: frozenset[str] = frozenset()
    """Only what was parked for one of these; empty: for any."""
    older_than: float = 0.0
    """Only what has stood there for so many seconds at least."""
    limit: int = NO_LIMIT
    """At most so many messages leave the queue."""

    @classmethod
    def from_event(cls, event: object) -> Self:
        """{"queue", "dry_run", "reasons", "older_than", "limit"}, each optional. Raises RequestError."""
        if not isinstance(event, Mapping):
            raise RequestError("the event must be an object")
        if unknown := sorted(map(str, event.keys() - set(FIELDS))):
            raise RequestError(f"{unknown[0]}: is not a field; there are {', '.join(FIELDS)}")
        source = _source(event.get("queue", Source.DEAD_LETTERS.value))
        reasons = _reasons(event.get("reasons", []))
        if reasons and source is not Source.PARKING:
            raise RequestError("reasons: only what is parked has a reason")
        return cls(
            source=source,
            is_dry_run=_flag(event.get("dry_run", True)),
            reasons=reasons,
            older_than=_number("older_than", event.get("older_than", 0)),
            limit=int(_number("limit", event.get("limit", NO_LIMIT))),
        )


FIELDS = ("queue", "dry_run", "reasons", "older_than", "limit")


@dataclass(slots=True)
class Report:
    """How many messages came to what."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def gone(self) -> int:
        """Messages that have left the queue, or would."""
        return sum(self.counts[end] for end in ("moved", "probes", "parked"))

    def as_dict(self, request: Request, stopped: str) -> dict[str, object]:
        """For whoever asked: every end, also those that are none."""
        return {
            "queue": request.source.value,
            "dry_run": request.is_dry_run,
            **{end: self.counts[end] for end in ENDS},
            "stopped": stopped,
        }


ENDS = ("moved", "probes", "parked", "waiting", "filtered", "failed")
"""Moved with a hop; moved as a probe; parked for good; its circuit is open; not asked for; AWS refused."""


def _source(value: object) -> Source:
    if not isinstance(value, str) or value not in {one.value for one in Source}:
        raise RequestError(f"queue: must be one of {', '.join(one.value for one in Source)}")
    return Source(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise RequestError("dry_run: must be true or false")
    return value


def _reasons(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RequestError("reasons: must be a list of parking reasons")
    return frozenset(value)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:  # noqa: PLR2004 - 30 years
        raise RequestError(f"{name}: must be a number from 0 on")
    return value
