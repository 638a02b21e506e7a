"""All that is said on the way of an alert, before the redaction filter or a narrower ear takes anything away."""

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from observability.telemetry import logger


@dataclass
class Overheard:
    """What was handed to logging, and what was raised from one step to the next."""

    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    written: io.StringIO = field(default_factory=io.StringIO)
    """What became of the lines, redacted and as JSON."""

    def note(self, error: BaseException) -> None:
        self.errors += everything_about(error)


class Step:
    """One of our objects, each call of it overheard."""

    def __init__(self, inner: object, overheard: Overheard) -> None:
        self._inner, self._overheard = inner, overheard

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the object has
        value = getattr(self._inner, name)
        return overhear(value, self._overheard) if callable(value) else value


def overhear[**P, T](call: Callable[P, T], overheard: Overheard) -> Callable[P, T]:
    """The same call; what it raises is noted with all that hangs on it."""

    def calling(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except BaseException as error:
            overheard.note(error)
            raise

    return calling


@contextmanager
def all_ears() -> Iterator[Overheard]:
    """Every record as a logger got it, with its extra fields."""
    overheard, handle = Overheard(), logging.Logger.handle

    def listen(self: logging.Logger, record: logging.LogRecord) -> None:
        overheard.lines.append(f"{record.getMessage() if _fits(record) else ''} {vars(record)}")
        if record.exc_info and record.exc_info[1]:
            overheard.lines += everything_about(record.exc_info[1])
        handle(self, record)

    streams = [(one, one.stream) for one in logger.handlers if isinstance(one, logging.StreamHandler)]
    for handler, _ in streams:
        handler.setStream(overheard.written)
    try:
        with patch.object(logging.Logger, "handle", listen):
            yield overheard
    finally:
        for handler, stream in streams:
            handler.setStream(stream)


def _fits(record: logging.LogRecord) -> bool:
    try:
        record.getMessage()
    except (TypeError, ValueError, KeyError):
        return False
    return True


def everything_about(error: BaseException) -> list[str]:
    """Each error that hangs on this one: its text, its arguments and attributes, its traceback."""
    left, seen, texts = [error], set(), []
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        texts += [f"{one} {one!r} {one.args!r} {vars(one)}", *traceback.format_exception(one)]
        left += [other for other in (one.__cause__, one.__context__, *getattr(one, "exceptions", ())) if other]
    return texts
