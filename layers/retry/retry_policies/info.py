"""What became of a call that was given up, carried by the very exception it raised."""

from contextlib import suppress
from itertools import count
from typing import NamedTuple

from retry_policies.classification import ErrorKind
from retry_policies.events import StopReason

TICKS = count(1)
"""Orders what happens in this process: next() is one step for all threads, and cannot stand still as a clock can."""
ATTRIBUTE = "retry_info"


class RetryInfo(NamedTuple):
    """Facts for the caller who decides what to do next. A NamedTuple: a third of a frozen dataclass's cost."""

    attempts: int
    elapsed: float
    slept: float
    reason: StopReason
    retry_after: float | None
    """What the other side asked for, uncut: put it on the message's visibility timeout."""
    kind: ErrorKind
    code: str
    tick: int
    """When it was written, in TICKS."""

    def __str__(self) -> str:
        return f"gave up after attempt {self.attempts} ({self.elapsed:.1f} s): {self.reason.value}"


def retry_info(error: BaseException) -> RetryInfo | None:
    """The RetryInfo of an exception that a policy gave up on, else None."""
    info = error.__dict__.get(ATTRIBUTE)
    return info if isinstance(info, RetryInfo) else None


def annotate(error: BaseException, info: RetryInfo) -> None:
    """Put the info on the error, with one note for its traceback: an earlier one is replaced.

    Through __dict__, since a frozen dataclass refuses setattr and a class may do anything in __getattr__.
    """
    earlier = retry_info(error)
    if earlier is not None:
        with suppress(AttributeError, ValueError):
            error.__notes__.remove(str(earlier))
    error.__dict__[ATTRIBUTE] = info
    with suppress(TypeError):  # an exception whose __notes__ is no list goes without
        BaseException.add_note(error, str(info))


def given_up_since(error: BaseException, tick: int) -> RetryInfo | None:
    """What a policy further in wrote on the error, or on what it was raised from, after that tick."""
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        info = retry_info(link)
        if info is not None and info.tick > tick:
            return info
        seen.add(id(link))
        link = link.__cause__
    return None
