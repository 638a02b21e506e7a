"""The canary sweep finds a secret wherever one might get out; else its silence would say nothing."""

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
from tests.integration.faults.conftest import Road, Roads, sweep
from tests.support.samples.notifications import record
from tests.support.slack.destination_kinds import CANARY, KINDS
from tests.support.text.leaks import all_ears, overhear

TOKEN = f"xoxb-1-{CANARY}"


def log_argument(_: Road) -> None:
    """The redaction filter takes it out of what is written, so it must be found before."""
    logger.warning("token %s", TOKEN)


def log_field(_: Road) -> None:
    logger.warning("token", extra={"token": TOKEN})


def log_of_a_library(_: Road) -> None:
    logging.getLogger("some.library").debug("POST %s", f"https://hooks.slack.com{KINDS['webhook'].path}")


def raise_in_front_of_a_secret() -> None:
    try:
        int(TOKEN)
    except ValueError:
        raise SlackUnreachable(sent=False) from None


def log_context(_: Road) -> None:
    try:
        raise_in_front_of_a_secret()
    except SlackUnreachable:
        logger.exception("not connected")


def error_context(road: Road) -> None:
    with pytest.raises(SlackUnreachable):
        overhear(raise_in_front_of_a_secret, road.stack.overheard)()


def print_out(_: Road) -> None:
    print(TOKEN)  # noqa: T201 - what is looked for


def print_error(_: Road) -> None:
    print(TOKEN, file=sys.stderr)  # noqa: T201 - what is looked for


def metric(_: Road) -> None:
    count("Leaks", reason=CANARY)


def parked_body(_: Road) -> None:
    app.wire().resources.parking.park(record(TOKEN), Park(ParkReason.MESSAGE_REFUSED, "code"))


def parked_attribute(_: Road) -> None:
    app.wire().resources.parking.park(record("body"), Park(ParkReason.MESSAGE_REFUSED, CANARY))


def told(_: Road) -> None:
    app.wire().delivery.notify_ops("team", CANARY, Deadline.after(60))


def returned(road: Road) -> None:
    road.answers.append({"batchItemFailures": [{"itemIdentifier": CANARY}]})


LEAKS = [
    log_argument,
    log_field,
    log_of_a_library,
    log_context,
    error_context,
    print_out,
    print_error,
    metric,
    parked_body,
    parked_attribute,
    told,
    returned,
]


@pytest.fixture
def roads(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Roads]:
    """Without the sweep at the end."""
    caplog.set_level(logging.DEBUG)
    with ExitStack() as closing, all_ears() as overheard:
        yield Roads(monkeypatch, KINDS["webhook"], overheard, closing)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found(roads: Roads, leak: Callable[[Road], None], capfd: pytest.CaptureFixture[str]) -> None:
    road = roads.open()
    assert road.send() == []
    sweep(roads, *capfd.readouterr())
    leak(road)
    with pytest.raises(AssertionError, match=CANARY):
        sweep(roads, *capfd.readouterr())


def test_what_is_said_on_the_road_is_heard(roads: Roads) -> None:
    road = roads.open()
    road.play(then="/404?body=no_service")
    assert road.send() == []
    said = roads.overheard
    assert any("destination closed" in line and "'code': 'no_service'" in line for line in said.lines)
    assert any("SlackRefused" in text for text in said.errors)
    assert '"message":"parked"' in said.written.getvalue()
    parked, told_line = road.stack.with_facts()
    assert "checkout-errors" in parked
    assert "no_service" in told_line
