"""Remove texts that look like secrets from every log line, as a last defence.

Our own code logs none. A library might, and so might an exception that quotes a request.
"""

import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

REDACTED = "[redacted]"
SLASH = r"(?: \\{0,16}/ | %{1,4}(?:25){0,4}2F | \\{0,16}u002F )"
QUOTES = r"""["'\\]"""
SECRETS = [
    re.compile(pattern, re.VERBOSE | re.IGNORECASE)
    for pattern in (
        rf"""(?P<prefix> authorization (?: {QUOTES}{{0,16}} \s{{0,4}} [:=] | {QUOTES}{{1,16}} \s{{0,4}} , )
             \s{{0,4}} [\[(]? b? {QUOTES}{{0,16}} ) [^"'\\\r\n]+""",
        r"(?P<prefix> bearer \s{1,4} ) [\w.~+/=-]{8,}",
        rf"""(?P<prefix> (?:hooks|files)\.slack(?:-gov)?\.com {SLASH}
             | {SLASH} (?:services|triggers|workflows|upload {SLASH} v1) {SLASH} )
             [^\s"'<>]+""",
        rf"""(?P<prefix>) (?-i: T[A-Z0-9]{{5,40}} ) {SLASH} (?-i: B[A-Z0-9]{{5,40}} ) {SLASH} [^\s"'<>]+""",
        r"(?P<prefix> xox[a-z]- | xapp- ) [\w.%+/=-]+",
        r"(?P<prefix>) (?-i: A[KS]IA[A-Z0-9]{12,} )",
    )
]
"""Authorization headers, Slack's paths of webhooks and uploads (also without their beginning) and its tokens, AWS
access keys.

Lengths are open because Slack changes them. Repetitions are bounded so that a hostile text takes linear time. Patterns
that may contain spaces come first, so that no other pattern removes their beginning.
"""
AUTHORIZATION = re.compile(r"(?:proxy-)?authorization", re.IGNORECASE)
PASSED_BY = frozenset(
    {"msg", "args", "exc_info", "filename", "funcName", "levelname", "module", "pathname", "processName"}
)
"""Attributes of a record that are rewritten already, or name its place in the code: no text from outside."""
DEPTH_LIMIT = 8


def redact(text: str) -> str:
    """Return the text with each secret replaced; the prefix that names its kind stays."""
    for pattern in SECRETS:
        text = pattern.sub(rf"\g<prefix>{REDACTED}", text)
    return text


class Logs(Protocol):
    """A logger, the standard library's or Powertools'."""

    @property
    def handlers(self) -> Iterable[logging.Handler]: ...


def install_redaction(*loggers: Logs) -> None:
    """Add the filter to each handler of the root logger (Lambda adds one before our import) and of these loggers.

    A handler's filter also sees the records of child loggers; a logger's filter does not.
    """
    last = (logging.lastResort,) if logging.lastResort else ()
    for handler in (*last, *(one for each in (logging.root, *loggers) for one in each.handlers)):
        handler.addFilter(REDACTION)


class Redaction(logging.Filter):
    """A filter that passes every record and rewrites it in place, also for later handlers."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            _rewrite(record)
        except Exception as error:  # noqa: BLE001 - a value's __str__ may raise anything; the line must be written
            message = f"a line that could not be redacted: {type(error).__name__}"
            place = (record.levelno, record.pathname, record.lineno)
            record.__dict__ = logging.LogRecord(record.name, *place, message, None, None).__dict__
        return True


REDACTION = Redaction()


class RedactedException(Exception):
    """A stand-in for an exception with a secret; its text is the redacted traceback, with causes and notes."""


def _rewrite(record: logging.LogRecord) -> None:
    record.msg, record.args = _message(record)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and any(redact(text) != text for text in _texts(error)):
        named = type(type(error).__name__, (RedactedException,), {})
        record.exc_text = redact("".join(traceback.format_exception(error)).rstrip())
        record.exc_info = (named, named(record.exc_text), None)
    for name, value in record.__dict__.items():
        if name not in PASSED_BY:
            record.__dict__[name] = _redacted(value, name)


def _message(record: logging.LogRecord) -> tuple[object, tuple[object, ...] | Mapping[str, object] | None]:
    """Return the redacted (msg, args). Joining the two may form a secret."""
    if not record.args:
        return _redacted(record.msg), record.args
    arguments = repr(record.args)
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):  # they do not match: logging would print both to stderr
        return redact(f"{record.msg} {arguments}"), None
    if redact(message) == message and redact(arguments) == arguments:
        return record.msg, record.args
    return redact(message), None


def _texts(error: BaseException) -> Iterator[str]:
    """Yield the texts of an exception and of all that it links to, including a context hidden by `from None`."""
    yield "".join(traceback.format_exception(error))
    pending, seen = [error], set()
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield f"{one} {one!r}"
            pending += [other for other in (one.__cause__, one.__context__, *getattr(one, "exceptions", ())) if other]


def _redacted(value: object, name: object = "", depth: int = 0) -> object:
    """Return the value without secrets; an object whose text shows one becomes its redacted text."""
    if isinstance(name, str) and AUTHORIZATION.fullmatch(name) and value:
        return REDACTED
    match value:
        case str():
            return redact(value)
        case None | bool() | int() | float():
            return value
        case dict() if depth < DEPTH_LIMIT:
            return {_redacted(key, depth=DEPTH_LIMIT): _redacted(one, key, depth + 1) for key, one in value.items()}
        case list() | tuple() | set() | frozenset() if depth < DEPTH_LIMIT:
            return [_redacted(one, "", depth + 1) for one in value]
        case _:
            shown = f"{value} {value!r}"
            return value if redact(shown) == shown else redact(str(value))
