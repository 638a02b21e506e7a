"""The search for the secret finds each kind of leak."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from observability.telemetry import count, logger
from outcomes.outcome import Park, ParkReason
from retry_policies import Deadline
from slack_alerts import app
from slack_alerts.models import SlackUnreachable
from tests.integration.faults.conftest import Pipeline, Pipelines, check_for_secret
from tests.support.samples.notifications import record
from tests.support.slack.destination_kinds import CANARY, KINDS
from tests.support.text.leaks import record_texts, recording

TOKEN = f"xoxb-1-{CANARY}"
REFUSED = ParkReason.MESSAGE_REFUSED


def raise_with_context() -> None:
    try:
        int(TOKEN)
    except ValueError:
        raise SlackUnreachable(sent=False) from None


def log_context(_: Pipeline) -> None:
    try:
        raise_with_context()
    except SlackUnreachable:
        logger.exception("not connected")


def error_context(pipeline: Pipeline) -> None:
    with pytest.raises(SlackUnreachable):
        recording(raise_with_context, pipeline.stack.recorded)()


LEAKS: dict[str, Callable[[Pipeline], object]] = {
    "log argument": lambda _: logger.warning("token %s", TOKEN),  # found although the redaction filter removes it
    "log field": lambda _: logger.warning("token", extra={"token": TOKEN}),
    "log of a library": lambda _: logging.getLogger("some.library").debug("POST %s", KINDS["webhook"].path),
    "log context": log_context,
    "error context": error_context,
    "standard output": lambda _: print(TOKEN),  # noqa: T201 - the leak
    "standard error": lambda _: print(TOKEN, file=sys.stderr),  # noqa: T201 - the leak
    "metric": lambda _: count("Leaks", reason=CANARY),
    "parked body": lambda _: app.wire().resources.parking.park(record(TOKEN), Park(REFUSED, "code")),
    "parked attribute": lambda _: app.wire().resources.parking.park(record("body"), Park(REFUSED, CANARY)),
    "operations": lambda _: app.wire().delivery.notify_ops("team", CANARY, Deadline.after(60)),
    "response": lambda pipeline: pipeline.responses.append({"batchItemFailures": [{"itemIdentifier": CANARY}]}),
}


@pytest.fixture
def pipelines(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Pipelines]:
    """Open pipelines without the search at the end."""
    caplog.set_level(logging.DEBUG)
    with ExitStack() as closing, record_texts() as recorded:
        yield Pipelines(monkeypatch, KINDS["webhook"], recorded, closing)


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_leak_is_found(
    pipelines: Pipelines, leak: Callable[[Pipeline], object], capfd: pytest.CaptureFixture[str]
) -> None:
    pipeline = pipelines.open()
    assert pipeline.send() == []
    check_for_secret(pipelines, *capfd.readouterr())
    leak(pipeline)
    with pytest.raises(AssertionError, match=CANARY):
        check_for_secret(pipelines, *capfd.readouterr())


def test_logs_errors_and_messages_are_recorded(pipelines: Pipelines) -> None:
    pipeline = pipelines.open()
    pipeline.play(then="/404?body=no_service")
    assert pipeline.send() == []
    heard = pipelines.recorded
    assert any("destination closed" in line and "'code': 'no_service'" in line for line in heard.lines)
    assert any("SlackRefused" in text for text in heard.errors)
    assert '"message":"parked"' in heard.written.getvalue()
    parked, told_line = pipeline.stack.with_facts()
    assert "checkout-errors" in parked
    assert "no_service" in told_line
