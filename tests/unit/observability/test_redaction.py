import io
import logging
import traceback
from collections.abc import Callable, Iterator

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from hypothesis import given, settings
from hypothesis import strategies as st

from observability.redaction import REDACTED, REDACTION, install_redaction, redact

SECRET = "cAnArY0a1b2c3d4e5f6g7h8i"  # noqa: S105 - a canary
SHAPES = {
    "webhook": f"https://hooks.slack.com/services/T01ABCDEF/B0123456789A/{SECRET}",
    "path of an error": f"Max retries exceeded with url: /services/T01ABCDEF/B01ABCDE/{SECRET}",
    "workflow": f"/workflows/T01ABCDEF/A01/123/{SECRET}",
    "trigger": f"https://hooks.slack-gov.com/triggers/E01/123/{SECRET}",
    "upload": f"https://files.slack.com/upload/v1/{SECRET}",
    "upload to the stand-in": f"http://127.0.0.1:1234/upload/v1/{SECRET}",
    "path of another kind": f"https://hooks.slack.com/new/{SECRET}",
    "quoted path": f"%2Fservices%2FT01ABCDEF%2fB01ABCDEF%2F{SECRET}",
    "path quoted twice": f"%252Fservices%252FT01ABCDEF%252FB01ABCDEF%252F{SECRET}",
    "path in JSON": rf"https:\/\/hooks.slack.com\/services\/T01ABCDEF\/B01ABCDEF\/{SECRET}",
    "path escaped": rf"\u002fservices\u002fT01ABCDEF\u002fB01ABCDEF\u002f{SECRET}",
    "path without its beginning": f"T01ABCDEF/B01ABCDEFGHI/{SECRET}",
    **{f"xox{kind}": f"xox{kind}-1234567890-{SECRET}" for kind in "abeoprs"},
    "refreshed token": f"xoxe.xoxp-1-{SECRET}",
    "app token": f"xapp-1-A01ABC-123-{SECRET}",
    "key": "AKIA" + SECRET.upper()[:16],
    "session key": "ASIA" + SECRET.upper()[:16],
    "header": f"Authorization: Basic {SECRET}=",
    "header of a dict": f"{{'authorization': 'AWS4-HMAC-SHA256 Credential=x, Signature={SECRET}'}}",
    "header of bytes": f"(b'Authorization', b'Negotiate {SECRET}')",
    "header in JSON": f'{{\\"Authorization\\": \\"Basic {SECRET}\\"}}',
    "header in a list": f'"Authorization": ["Basic {SECRET}"]',
    "bearer": f"Bearer {SECRET}",
}
SHAPE = st.sampled_from(sorted(SHAPES.values()))
AROUND = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(["%", "%s", "%(x)s", "a" * 30, "/services/"])
STANDARD = logging.Formatter("%(message)s %(url)s")


class Shown:
    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Shown({self.text!r})"


def throw(error: BaseException) -> None:
    raise error


def raised(make: Callable[[str], BaseException], text: str) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - any error
        throw(make(text))
    return caught.value


def plain(*, cause: str = "", context: str = "", note: str = "") -> BaseException:
    """Return an error without a secret whose cause, hidden context or note has this text."""
    error = RuntimeError("plain")
    error.__cause__ = raised(ValueError, cause) if cause else None
    error.__context__ = raised(ValueError, context) if context else error.__context__
    error.__suppress_context__ = True
    if note:
        error.add_note(note)
    return error


def caused(text: str) -> BaseException:
    return plain(cause=text)


PLACES: dict[str, Callable[[str], dict[str, object]]] = {
    "msg": lambda text: {"msg": f"{text.replace('%', '%%')} %s"},
    "msg that does not fit its arguments": lambda text: {"msg": f"{text}%s%s", "args": ("one",)},
    "msg without arguments": lambda text: {"msg": text, "args": ()},
    "msg of an object": lambda text: {"msg": Shown(text), "args": ()},
    "msg of an error": lambda text: {"msg": ValueError(text), "args": ()},
    "msg of a dict": lambda text: {"msg": {"url": [text]}, "args": ()},
    "argument": lambda text: {"msg": "at %s", "args": (text,)},
    "argument not shown": lambda text: {"msg": "at %.0s", "args": (text,)},
    "argument too many": lambda text: {"msg": "at", "args": (text, "one")},
    "named argument": lambda text: {"msg": "at %(here)s", "args": {"here": text, "there": text}},
    "template and argument": lambda text: {
        "msg": f"{text[: len(text) // 2].replace('%', '%%')}%s",
        "args": (text[len(text) // 2 :],),
    },
    "extra": lambda text: {"url": text},
    "extra list": lambda text: {"url": [{"a": (text,)}, {text}]},
    "extra key": lambda text: {"url": {text: 1, (text,): 2}},
    "extra bytes": lambda text: {"url": text.encode(errors="replace")},
    "extra object": lambda text: {"url": Shown(text)},
    "extra error": lambda text: {"url": ValueError(text)},
    "extra deep": lambda text: {"url": nested(text)},
    "stack_info": lambda text: {"stack_info": f"Stack:\n{text}"},
    "exc_text": lambda text: {"exc_text": text},
    "exception": lambda text: {"exc_info": exc_info(ValueError, text)},
    "exception that quotes": lambda text: {"exc_info": exc_info(KeyError, text)},
    "cause": lambda text: {"exc_info": exc_info(caused, text)},
    "hidden context": lambda text: {"exc_info": exc_info(lambda text: plain(context=text), text)},
    "note": lambda text: {"exc_info": exc_info(lambda text: plain(note=text), text)},
    "one of a group": lambda text: {
        "exc_info": exc_info(lambda text: ExceptionGroup("some", [ValueError(text)]), text)
    },
}


def nested(text: str) -> object:
    value: object = text
    for _ in range(20):
        value = [value]
    return value


def exc_info(make: Callable[[str], BaseException], text: str) -> object:
    error = raised(make, text)
    return (type(error), error, error.__traceback__)


def log_record(**fields: object) -> logging.LogRecord:
    return logging.makeLogRecord(
        {"name": "lib", "levelno": 30, "msg": "plain %s", "args": ("one",), "url": "", **fields}
    )


def written(record: logging.LogRecord) -> Iterator[str]:
    """Yield all texts of a record after the filter."""
    assert REDACTION.filter(record)
    for formatter in (STANDARD, LambdaPowertoolsFormatter(serialize_stacktrace=True)):
        yield formatter.format(record)
    for value in record.__dict__.values():
        yield f"{value} {value!r}"
    if record.exc_info and (error := record.exc_info[1]):
        yield "".join(traceback.format_exception(error))
        yield f"{error.__context__!r} {error.__cause__!r}"


@pytest.mark.parametrize("place", PLACES)
@settings(deadline=None)
@given(shape=SHAPE, before=AROUND, after=AROUND)
def test_no_field_of_a_record_keeps_a_secret(place: str, shape: str, before: str, after: str) -> None:
    record = log_record(**PLACES[place](f"{before}{shape}{after}"))
    for text in written(record):
        assert SECRET not in text
        assert SECRET.upper()[:16] not in text


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_redacted(shape: str) -> None:
    assert SECRET.lower()[:16] not in redact(f"before {SHAPES[shape]} after").lower()
    assert redact(f"before {SHAPES[shape]}\nafter").startswith("before ")
    assert REDACTED in redact(SHAPES[shape])


@pytest.mark.parametrize("length", [6, 8, 9, 11, 14])
def test_segments_of_a_path_may_have_any_length(length: int) -> None:
    assert SECRET not in redact(f"/services/T{'0' * length}/B{'1' * length}/{SECRET}")


def test_a_value_under_the_key_authorization_is_redacted() -> None:
    record = log_record(
        url={"Authorization": "opaque", "proxy-authorization": ["opaque"], "a": {"AUTHORIZATION": "opaque"}}
    )
    assert not any("opaque" in text for text in written(record))


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:ecs:eu-west-1:123456789012:service/shop/web",
        "authorization failed: AccessDenied",
        "the bearer of news",
        "layers/retry/record_batch/batch.py",
        "tests/testing/benchmarks/x",
        "https://sns.eu-west-1.amazonaws.com/",
        "AKIA",
    ],
)
def test_other_texts_are_not_changed(text: str) -> None:
    assert redact(text) == text


def test_a_record_without_a_secret_is_not_changed() -> None:
    fields: dict[str, object] = {
        "msg": "took %d ms",
        "args": (5,),
        "attempt": 2,
        "wait": 0.5,
        "exc_info": exc_info(KeyError, "x"),
    }
    record = log_record(**fields)
    REDACTION.filter(record)
    assert {name: record.__dict__[name] for name in fields} == fields


def test_a_redacted_exception_keeps_its_name_and_its_cause() -> None:
    record = log_record(exc_info=exc_info(caused, SHAPES["webhook"]))
    for text in (line for line in written(record) if "Traceback" in line):
        assert "RuntimeError" in text
        assert "ValueError" in text
        assert "The above exception was the direct cause" in text


@pytest.mark.parametrize("field", ["msg", "args", "url"])
def test_a_value_whose_repr_raises_does_not_lose_the_line(field: str) -> None:
    class Unshowable:
        def __repr__(self) -> str:
            raise RuntimeError(SECRET)

    record = log_record(**{field: (Unshowable(),) if field == "args" else Unshowable()})
    assert REDACTION.filter(record)
    assert "could not be redacted: RuntimeError" in record.getMessage()
    assert SECRET not in repr(record.__dict__)


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Replace the root logger's handlers by one, as Lambda installs it; return its stream."""
    handler = logging.StreamHandler(io.StringIO())
    before = list(logging.root.handlers)
    monkeypatch.setattr(logging.root, "handlers", [handler])
    yield handler.stream
    for other in (logging.lastResort, *before, *logging.root.handlers):
        if other:
            other.removeFilter(REDACTION)


def test_the_filter_is_installed_once_on_every_handler_and_redacts_the_lines_of_libraries(root: io.StringIO) -> None:
    ours = logging.getLogger("tests.ours")
    ours.handlers = [logging.StreamHandler(io.StringIO())]
    install_redaction(ours)
    install_redaction(ours)
    for handler in (*logging.root.handlers, *ours.handlers, logging.lastResort):
        assert handler is not None
        assert handler.filters == [REDACTION]
    library = logging.getLogger("tests.library")
    library.warning("POST %s", SHAPES["webhook"])
    try:
        throw(ConnectionError(SHAPES["webhook"]))
    except ConnectionError:
        library.exception("failed", stack_info=True)
    text = root.getvalue()
    assert "POST https://hooks.slack.com/[redacted]" in text
    assert "ConnectionError" in text
    assert "Stack (most recent call last)" in text
    assert SECRET not in text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["\\", "T", "TB/", "%25", "/services", "Authorization ", "bearer ", "xox", "AKI", '"'])
def test_a_long_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (2**18 // len(unit))
    assert redact(text + SHAPES["webhook"]).endswith(REDACTED)
