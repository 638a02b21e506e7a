"""A last net under the logs: what looks like a secret is taken out of every line, whoever wrote it.

Nothing of ours should log one. A library may, and so may an exception that quotes a request.
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
        rf"""(?P<kept> authorization (?: {QUOTES}{{0,16}} \s{{0,4}} [:=] | {QUOTES}{{1,16}} \s{{0,4}} , )
             \s{{0,4}} [\[(]? b? {QUOTES}{{0,16}} ) [^"'\\\r\n]+""",
        r"(?P<kept> bearer \s{1,4} ) [\w.~+/=-]{8,}",
        rf"""(?P<kept> hooks\.slack(?:-gov)?\.com {SLASH} | {SLASH} (?:services|triggers|workflows) {SLASH} )
             [^\s"'<>]+""",
        rf"""(?P<kept>) (?-i: T[A-Z0-9]{{5,40}} ) {SLASH} (?-i: B[A-Z0-9]{{5,40}} ) {SLASH} [^\s"'<>]+""",
        r"(?P<kept> xox[a-z]- | xapp- ) [\w.%+/=-]+",
        r"(?P<kept>) (?-i: A[KS]IA[A-Z0-9]{12,} )",
    )
]
"""What authorizes a request, Slack's hook paths (also without their beginning) and tokens, AWS access keys.

No lengths to fit: Slack changes them; the bounds keep a hostile text linear. What may hold spaces comes first, so that
none takes the beginning of another away.
"""
AUTHORIZATION = re.compile(r"(?:proxy-)?authorization", re.IGNORECASE)
DEPTH_LIMIT = 8


def redact(text: str) -> str:
    """The text with each secret replaced; what stands before it says of which kind it was."""
    for pattern in SECRETS:
        text = pattern.sub(rf"\g<kept>{REDACTED}", text)
    return text


class Logs(Protocol):
    """A logger, the standard library's or Powertools'."""

    @property
    def handlers(self) -> Iterable[logging.Handler]: ...


def install(*loggers: Logs) -> None:
    """On every handler of the root logger (Lambda adds one before our import) and of these. Again is harmless.

    On handlers, because a logger's own filter does not see what its children hand up.
    """
    last = (logging.lastResort,) if logging.lastResort else ()
    for handler in (*last, *(one for each in (logging.root, *loggers) for one in each.handlers)):
        handler.addFilter(REDACTION)


class Redaction(logging.Filter):
    """Rewrites a record in place, so that whoever handles it next sees no more. Lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            _rewrite(record)
        except Exception as error:  # noqa: BLE001 - a value's own __str__ may raise anything, and the line must go out
            said = f"a line that could not be redacted: {type(error).__name__}"
            place = (record.levelno, record.pathname, record.lineno)
            record.__dict__ = logging.LogRecord(record.name, *place, said, None, None).__dict__
        return True


REDACTION = Redaction()


class RedactedException(Exception):
    """Its text is the traceback of the one it stands for, with causes and notes."""


def _rewrite(record: logging.LogRecord) -> None:
    record.msg, record.args = _message(record)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and any(redact(text) != text for text in _texts(error)):
        named = type(type(error).__name__, (RedactedException,), {})
        record.exc_text = redact("".join(traceback.format_exception(error)).rstrip())
        record.exc_info = (named, named(record.exc_text), None)
    for name, value in record.__dict__.items():
        if name not in {"msg", "args", "exc_info"}:
            record.__dict__[name] = _redacted(value, name)


def _message(record: logging.LogRecord) -> tuple[object, tuple[object, ...] | Mapping[str, object] | None]:
    """(msg, args); a secret may stand in the template, in an argument, or arise where the two meet."""
    if not record.args:
        return _redacted(record.msg), record.args
    arguments = repr(record.args)
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):  # they do not fit: logging would print them, and drop the line
        return redact(f"{record.msg} {arguments}"), None
    if redact(message) == message and redact(arguments) == arguments:
        return record.msg, record.args
    return redact(message), None


def _texts(error: BaseException) -> Iterator[str]:
    """All that an exception may be made to say, also by those it hides behind `from None`."""
    yield "".join(traceback.format_exception(error))
    left, seen = [error], set()
    while left:
        one = left.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield f"{one} {one!r}"
            left += [other for other in (one.__cause__, one.__context__, *getattr(one, "exceptions", ())) if other]


def _redacted(value: object, name: object = "", depth: int = 0) -> object:
    """The like of the value without the secrets; an object that shows one becomes its text."""
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
