"""The record of a give-up, which is stored on the exception and, as the latest one, for its thread or task.

benchmarks/policy.py bounds the cost of a permanent failure: its record is stored as a bare tuple, and `retry_info`
builds the RetryInfo.
"""

import threading
from contextvars import ContextVar
from itertools import count
from typing import NamedTuple

from retry_policies.backoff import valid_retry_after
from retry_policies.causes import linked
from retry_policies.classification import Classification, ErrorKind
from retry_policies.events import StopReason

ATTRIBUTE = "_retry_info"
NOTES = "__notes__"
NUMBERS = count(1)
"""Orders the attempts and give-ups of the process. A fake clock cannot: it may stand still."""


class RetryInfo(NamedTuple):
    """Facts about a call that a policy gave up."""

    attempts: int
    elapsed: float
    slept: float
    reason: StopReason
    classification: Classification
    number: int
    """The place among all attempts and give-ups of this process."""
    inner: "RetryInfo | None" = None
    """The inner policy's record if the reason is NESTED."""

    @property
    def kind(self) -> ErrorKind:
        return self.classification.kind

    @property
    def code(self) -> str:
        return self.classification.code

    @property
    def retry_after(self) -> float | None:
        """The uncut wait that the other side asked for: use it as the message's visibility timeout."""
        return valid_retry_after(self.classification.retry_after)


THREAD = threading.local()
"""Stores the latest give-up of each thread: an error raised outside the except block has no other link to it."""
TASK: ContextVar[RetryInfo | None] = ContextVar("latest_give_up", default=None)
"""Stores the latest give-up among the asynchronous calls of each task, because tasks share a thread."""


def retry_info(error: BaseException) -> RetryInfo | None:
    """Return the RetryInfo of an exception that a policy gave up on, else None."""
    return _read(error)


def record(error: BaseException, info: RetryInfo, *, is_async: bool) -> None:
    """Store the info, and one note for the traceback in place of an earlier policy's.

    Write to `__dict__`: a frozen dataclass refuses setattr, and a class may override add_note.
    """
    earlier, attributes = retry_info(error), error.__dict__
    attributes[ATTRIBUTE] = info
    if is_async:
        TASK.set(info)
    else:
        THREAD.__dict__[ATTRIBUTE] = info
    notes = attributes.get(NOTES, [])
    if isinstance(notes, list):
        outdated = None if earlier is None else _note(earlier)
        latest = [*(note for note in notes if note != outdated), *filter(None, [_note(info)])]
        if latest or notes:
            attributes[NOTES] = latest


def record_permanent(error: BaseException, start_number: int, elapsed: float, classification: Classification) -> bool:
    """Record the permanent failure of a first attempt faster than `record`.

    Return False if `record` is needed: for an earlier record, or if another number was drawn since the attempt began.
    """
    number, attributes = next(NUMBERS), error.__dict__
    if number != start_number + 1 or ATTRIBUTE in attributes:
        return False
    facts = (1, elapsed, 0.0, StopReason.PERMANENT, classification, number)
    THREAD.__dict__[ATTRIBUTE] = attributes[ATTRIBUTE] = facts
    return True


def inner_give_up(error: BaseException, start_number: int, *, is_async: bool) -> RetryInfo | None:
    """Return another policy's give-up since the attempt began: of a linked error, or of this thread or task."""
    if next(NUMBERS) == start_number + 1:  # a give-up would have drawn this number
        return None
    links = linked(error, lambda link: (link.__context__, link.__cause__))
    records = (*map(_read, links), TASK.get() if is_async else _read(THREAD))
    return next((info for info in records if info is not None and info.number > start_number), None)


def _read(carrier: object) -> RetryInfo | None:
    facts = carrier.__dict__.get(ATTRIBUTE)
    return RetryInfo(*facts) if isinstance(facts, tuple) else None


def _note(info: RetryInfo) -> str | None:
    """Return the innermost policy's note; a permanent failure of a first attempt needs none."""
    while info.inner is not None:
        info = info.inner
    if info.attempts == 1 and info.reason is StopReason.PERMANENT:
        return None
    return f"gave up after attempt {info.attempts}: {info.reason.name}"
