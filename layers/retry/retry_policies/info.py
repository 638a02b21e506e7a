"""What became of a call that was given up, carried by the very exception it raised.

A permanent failure shall cost about what a hand-written loop's does: what is carried is a bare tuple, and becomes a
RetryInfo for who asks. benchmarks/policy.py holds this to its price.
"""

import threading
from collections.abc import Iterable
from itertools import count
from typing import Any, NamedTuple

from retry_policies.backoff import lower_bound
from retry_policies.causes import linked
from retry_policies.classification import Classification, ErrorKind
from retry_policies.events import StopReason

ATTRIBUTE = "_retry_info"
NOTES = "__notes__"
NUMBERS = count(1)
"""One for each call, later attempt and give-up, in their order: a clock may stand still, and a test's does."""
NUMBER = 5
"""Where a RetryInfo has its number."""


class RetryInfo(NamedTuple):
    """Facts for the caller who decides what to do next."""

    attempts: int
    elapsed: float
    slept: float
    reason: StopReason
    classification: Classification
    number: int
    """Its place among all attempts and give-ups of this process."""
    inner: "RetryInfo | None" = None
    """What the policy further in had to say, where the reason is NESTED."""

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


HERE = threading.local()
"""The latest give-up of each thread: an error made anew outside the except block has no other tie to it."""
NOTHING_YET: Any = (0,) * (NUMBER + 1)


def retry_info(error: BaseException) -> RetryInfo | None:
    """The RetryInfo of an exception that a policy gave up on, else None."""
    facts = error.__dict__.get(ATTRIBUTE)
    return RetryInfo(*facts) if isinstance(facts, tuple) else None


def annotate(error: BaseException, info: RetryInfo) -> None:
    """Have the error carry this, and one note for its traceback in place of an earlier one.

    Through __dict__: a frozen dataclass refuses setattr, and what a class makes of getattr and add_note is its own.
    """
    earlier, carried = retry_info(error), error.__dict__
    HERE.__dict__[ATTRIBUTE] = carried[ATTRIBUTE] = tuple(info)
    notes = carried.get(NOTES, [])
    if isinstance(notes, list):
        outdated = None if earlier is None else _note(earlier)
        latest = [*(note for note in notes if note != outdated), *filter(None, [_note(info)])]
        if latest or notes:
            carried[NOTES] = latest


def annotate_permanent(error: BaseException, began: int, elapsed: float, verdict: Classification) -> bool:
    """The same for a first failure for good, at half the cost; False if it may come from another policy.

    It does not where no policy has done anything since the attempt began.
    """
    number, carried = next(NUMBERS), error.__dict__
    if number != began + 1 or ATTRIBUTE in carried:
        return False
    HERE.__dict__[ATTRIBUTE] = carried[ATTRIBUTE] = (1, elapsed, 0.0, StopReason.PERMANENT, verdict, number)
    return True


def _note(info: RetryInfo) -> str | None:
    """What the innermost policy did. What none could have changed, a first failure for good, needs no note."""
    while info.inner is not None:
        info = info.inner
    if info.attempts == 1 and info.reason is StopReason.PERMANENT:
        return None
    return f"gave up after attempt {info.attempts}: {info.reason.name}"


def given_up_since(error: BaseException, began: int) -> RetryInfo | None:
    """What a policy further in said since that attempt: of the error, of what it was made from, or in this thread."""
    for link in linked(error, _raised_from):
        info = retry_info(link)
        if info is not None and info.number > began:
            return info
    latest = HERE.__dict__.get(ATTRIBUTE, NOTHING_YET)
    return RetryInfo(*latest) if latest[NUMBER] > began else None


def _raised_from(link: BaseException) -> Iterable[object]:
    """`from None` hides what an error was raised from, and keeps it as its context."""
    return link.__context__, link.__cause__
