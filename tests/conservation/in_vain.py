"""Whether a message may be dead: what the faults of a schedule cost it of its receives, in seconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from record_batch.redelivery import QUICK_RECEIVES
from tests.conservation.schedule import AnswersLost, CallsFail, ClockJumps, Crash, ServiceDown, Throttled
from tests.support.virtual.queue_messages import Message
from tests.support.virtual.timing import timing

CLOSE = 900.0
"""Seconds in which the first receives follow each other, whatever a message waits for."""


@dataclass(frozen=True, slots=True)
class Delays:
    """The numbers of one queue, in seconds."""

    visibility: float
    first: float
    cap: float

    @classmethod
    def of(cls, stage: str) -> Self:
        """Return the delays of a stage: "" is aws_actions, "Intake" is intake."""
        given = timing()
        return cls(given[f"{stage}Visibility"], given[f"{stage}FirstDelay"], given[f"{stage}DelayCap"])


def may_die(message: Message, faults: Sequence[object], waits: float, *needed: str, stage: str = "") -> bool:
    """Whether its receives came to nothing for as long as it takes, from its sending to its end.

    Each costs a visibility timeout then; those that it has spent before, while it waited for that long, cost more.
    """
    delays = Delays.of(stage)
    receives, spent = 0, 0.0
    while spent < max(waits, CLOSE):
        is_soon = receives < QUICK_RECEIVES  # it may stand in line, behind what is delivered
        spent += delays.first / 6 if is_soon else min(delays.cap, delays.first * 2.0**receives)
        receives += 1
    in_vain = delays.visibility * sum(map(_once, faults)) + _for_long(message, _intervals(faults, needed))
    return in_vain >= delays.visibility * max(1.0, timing()["Receives"] - 1 - receives)


def _once(fault: object) -> int:
    """How many receives may come to nothing of what fails once."""
    match fault:
        case CallsFail(_, _, failures):
            return sum(failure is not None for failure in failures)
        case AnswersLost(batches):
            return len(batches)
        case _:
            return isinstance(fault, Crash)


def _intervals(faults: Sequence[object], needed: Sequence[str]) -> Iterator[tuple[float, float]]:
    """When nobody was to be invoked, or what an end needs was down, or a clock set back kept a dead holder's claim.

    Without SQS nothing can be parked, nor hidden for longer; without the table a request is not even refused.
    """
    for fault in faults:
        match fault:
            case ServiceDown(service) if service not in needed:
                pass
            case Throttled(at, seconds) | ServiceDown(_, at, seconds):
                yield at, at + seconds
            case ClockJumps(at, seconds):
                yield at, at - seconds
            case _:
                pass


def _for_long(message: Message, intervals: Iterator[tuple[float, float]]) -> float:
    """Their union, as long as the message was there: it came among the dead at the instant it is visible from."""
    total, covered = 0.0, message.sent
    for start, end in sorted(intervals):
        until = min(end, message.visible_at)
        total += max(0.0, until - max(start, covered))
        covered = max(covered, until)
    return total
