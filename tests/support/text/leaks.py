"""Record all texts of log records and errors, before the redaction filter changes them."""

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from observability.telemetry import logger


@dataclass
class Recorded:
    """The texts of the log records, and of the errors that steps raised."""

    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    written: io.StringIO = field(default_factory=io.StringIO)
    """The lines as they are written: redacted, in JSON."""


class RecordedSteps:
    """An object whose calls are recorded."""

    def __init__(self, inner: object, recorded: Recorded) -> None:
        self._inner, self._recorded = inner, recorded

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of the object
        value = getattr(self._inner, name)
        return recording(value, self._recorded) if callable(value) else value


def recording[**P, T](call: Callable[P, T], recorded: Recorded) -> Callable[P, T]:
    """Return the same call; record the texts of an error that it raises."""

    def calling(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except BaseException as error:
            recorded.errors += texts_of(error)
            raise

    return calling


@contextmanager
def record_texts() -> Iterator[Recorded]:
    """Record each log record as its logger gets it, with its extra fields."""
    recorded, handle = Recorded(), logging.Logger.handle

    def listen(self: logging.Logger, record: logging.LogRecord) -> None:
        recorded.lines.append(str(vars(record)))
        with suppress(TypeError, ValueError, KeyError):  # the arguments do not match the template
            recorded.lines.append(record.getMessage())
        if record.exc_info and record.exc_info[1]:
            recorded.lines += texts_of(record.exc_info[1])
        handle(self, record)

    streams = [(one, one.stream) for one in logger.handlers if isinstance(one, logging.StreamHandler)]
    for handler, _ in streams:
        handler.setStream(recorded.written)
    try:
        with patch.object(logging.Logger, "handle", listen):
            yield recorded
    finally:
        for handler, stream in streams:
            handler.setStream(stream)


def texts_of(error: BaseException) -> list[str]:
    """Return the texts of the error and of all that it links to: text, arguments, attributes and traceback."""
    pending, seen, texts = [error], set(), []
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen.add(id(one))
            texts += [f"{one} {one!r} {one.args!r} {vars(one)}", *traceback.format_exception(one)]
            pending += [other for other in (one.__cause__, one.__context__, *getattr(one, "exceptions", ())) if other]
    return texts
