"""Decides whether faults may have cost a message so many receives that it became a dead letter."""

from collections.abc import Iterator, Sequence

from record_batch.redelivery import QUICK_RECEIVES
from tests.conservation.faults import CallsFail, ClockJumps, Crash, ResponsesLost, ServiceDown, Throttled
from tests.support.virtual.queue_messages import Message
from tests.support.virtual.timing import timing

FIRST_RECEIVES = 900.0
"""Seconds within which the first receives of a message follow each other; a longer wait does not change them."""


def may_be_dead(message: Message, faults: Sequence[object], waits: float, *needed: str, stage: str = "") -> bool:
    """Return whether the lost receives, plus those in `waits` seconds of waiting, can reach the limit of receives.

    A lost receive takes a visibility timeout; the receives of the wait take their delays.
    """
    visibility, first_delay, delay_cap = (
        timing()[f"{stage}{name}"] for name in ("Visibility", "FirstDelay", "DelayCap")
    )
    receives, spent = 0, 0.0
    while spent < max(waits, FIRST_RECEIVES):
        is_soon = receives < QUICK_RECEIVES  # it may wait in line behind records that are delivered
        spent += first_delay / 6 if is_soon else min(delay_cap, first_delay * 2.0**receives)
        receives += 1
    lost = visibility * sum(map(_lost_by_single_calls, faults)) + _lost_by_outages(message, _intervals(faults, needed))
    return lost >= visibility * max(1.0, timing()["Receives"] - 1 - receives)


def _lost_by_single_calls(fault: object) -> int:
    """Return the number of receives that a fault of single calls may cost."""
    match fault:
        case CallsFail(_, _, failures):
            return sum(failure is not None for failure in failures)
        case ResponsesLost(batches):
            return len(batches)
        case _:
            return isinstance(fault, Crash)


def _intervals(faults: Sequence[object], needed: Sequence[str]) -> Iterator[tuple[float, float]]:
    """Yield when no invocation was possible, a needed service was down, or a clock set back kept the claim of a crash.

    Without SQS no message is parked or hidden for longer; without the table a request is not even refused.
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


def _lost_by_outages(message: Message, intervals: Iterator[tuple[float, float]]) -> float:
    """Return the length of their union while the message was queued: a dead letter is visible since its move."""
    total, covered = 0.0, message.sent
    for start, end in sorted(intervals):
        until = min(end, message.visible_at)
        total += max(0.0, until - max(start, covered))
        covered = max(covered, until)
    return total
