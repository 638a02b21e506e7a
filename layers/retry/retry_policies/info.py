"""What became of a call that was given up, carried by the very exception it raised.

A permanent failure shall cost about what a hand-written loop's does: what is carried is a bare tuple, and becomes a
RetryInfo for who asks. benchmarks/policy.py holds this to its price.
"""

from itertools import count
from typing import NamedTuple

from retry_policies.backoff import lower_bound
from retry_policies.classification import Classification, ErrorKind
from retry_policies.events import StopReason

ATTRIBUTE = "_retry_info"
NOTES = "__notes__"


class RetryInfo(NamedTuple):
    """Facts for the caller who decides what to do next."""

    attempts: int
    elapsed: float
    slept: float
    reason: StopReason
    classification: Classification
    number: int
    """Its place among all give-ups of this process."""

    @property
    def kind(self) -> ErrorKind:
        return self.classification.kind

    @property
    def code(self) -> str:
        return self.classification.code

    @property
    def retry_after(self) -> float | None:
        """What the other side asked for, uncut: put it on the message's visibility timeout."""
        return lower_bound(self.classification.retry_after)


class GiveUps:
    """Numbers give-ups, and so orders them: a clock may stand still between two, and a test's clock does."""

    __slots__ = ("latest", "numbers")

    def __init__(self) -> None:
        self.numbers = count(1)
        self.latest = 0
        """Without a lock: where two threads cross, it may lag for a moment, but never lead."""


GIVE_UPS = GiveUps()


def retry_info(error: BaseException) -> RetryInfo | None:
    """The RetryInfo of an exception that a policy gave up on, else None."""
    facts = error.__dict__.get(ATTRIBUTE)
    return RetryInfo._make(facts) if isinstance(facts, tuple) else None


def annotate(error: BaseException, info: RetryInfo) -> None:
    """Have the error carry this, and one note for its traceback: an earlier one is replaced.

    What no policy could have changed, a first failure for good, needs no note.
    Through __dict__: a frozen dataclass refuses setattr, and what a class makes of getattr and add_note is its own.
    """
    earlier, carried = retry_info(error), error.__dict__
    carried[ATTRIBUTE] = tuple(info)
    if info.attempts > 1 or info.reason is not StopReason.PERMANENT:
        notes = carried.get(NOTES, [])
        if isinstance(notes, list):
            outdated = None if earlier is None else _note(earlier)
            carried[NOTES] = [*(note for note in notes if note != outdated), _note(info)]


def annotate_permanent(error: BaseException, elapsed: float, verdict: Classification) -> bool:
    """The same for a first failure for good, at half the cost; False if it may come from another policy."""
    carried = error.__dict__
    if ATTRIBUTE in carried or error.__cause__ is not None:
        return False
    GIVE_UPS.latest = number = next(GIVE_UPS.numbers)
    carried[ATTRIBUTE] = (1, elapsed, 0.0, StopReason.PERMANENT, verdict, number)
    return True


def _note(info: RetryInfo) -> str:
    return f"gave up after attempt {info.attempts}: {info.reason.name}"


def given_up_since(error: BaseException, number: int) -> RetryInfo | None:
    """What a policy further in wrote on the error, or on what it was raised from, after that give-up."""
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        info = retry_info(link)
        if info is not None and info.number > number:
            return info
        seen.add(id(link))
        link = link.__cause__
    return None
