import logging

import pytest

from record_batch.documents import KEPT, KEPT_AFTER_TROUBLE, Trouble
from slack_alerts.models import Kind, Routed, Status
from tests.support.desk import ALARM, GOOD, OTHER, TROUBLES, Desk, answer
from tests.support.notifications import notification

RECOVERY = notification(kind=Kind.ALARM, title="payment-errors", status=Status.RESOLVED)
NOTE = notification(kind=Kind.TEXT, title="hello", status=Status.NOTICE)


def test_each_goes_by_its_route_or_to_the_default_and_the_order_stays() -> None:
    again = notification(kind=Kind.ALARM, title="checkout-latency")
    assert Desk(GOOD).route(NOTE, ALARM, RECOVERY, again, NOTE) == [
        ("default", [Routed(NOTE), Routed(NOTE)]),
        ("checkout", [Routed(ALARM, "<!here>"), Routed(again, "<!here>")]),
        ("calm", [Routed(RECOVERY)]),
    ]


def test_no_notification_means_no_destination_and_no_reading() -> None:
    desk = Desk(GOOD)
    assert desk.route() == []
    assert desk.store.names == []


def test_the_document_is_read_by_its_name_and_kept_for_five_minutes() -> None:
    desk = Desk(GOOD, OTHER)
    assert [desk.where(), desk.where()] == ["checkout", "checkout"]
    desk.clock.now += KEPT - 0.1
    assert desk.where() == "checkout"
    assert desk.store.names == ["/holdfast/routes"]
    desk.clock.now += 0.1
    assert desk.where() == "other"


def test_a_stack_without_a_document_sends_all_to_the_default_and_that_is_no_trouble(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(None, GOOD)
    assert [desk.where(), desk.where()] == ["default", "default"]
    assert (desk.troubles, caplog.records, len(desk.store.names)) == ([], [], 1)
    desk.clock.now += KEPT
    assert desk.where() == "checkout"


@pytest.mark.parametrize(("word", "expected"), TROUBLES.items())
def test_a_document_that_cannot_be_used_loses_no_alert_and_is_told_once(
    word: str, expected: tuple[Trouble, str], caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(word)
    assert [desk.where(), desk.where()] == ["default", "default"]
    trouble, problem = expected
    assert desk.troubles == [trouble]
    said = [(one.levelno, one.getMessage(), vars(one)["trouble"], vars(one)["problem"]) for one in caplog.records]
    assert said == [(logging.ERROR, "document not used", trouble.value, problem)]


@pytest.mark.parametrize("word", [None, *TROUBLES])
def test_the_last_good_document_stays_until_there_is_another(word: str | None) -> None:
    desk = Desk(GOOD)
    desk.where()
    desk.store.answers = [answer(word)]
    for _ in range(3):
        desk.clock.now += KEPT
        assert desk.where() == "checkout"
    assert desk.troubles == [TROUBLES[word][0] if word is not None else Trouble.MISSING] * 3
    desk.store.answers = [OTHER]
    desk.clock.now += KEPT_AFTER_TROUBLE
    assert desk.where() == "other"


def test_a_document_without_routes_is_a_good_one() -> None:
    desk = Desk(GOOD, '{"routes": []}', "throttled")
    assert desk.where() == "checkout"
    for _ in range(2):
        desk.clock.now += KEPT
        assert desk.where() == "default"


def test_a_document_that_hangs_leaves_the_time_to_the_alerts() -> None:
    def pass_time(seconds: float) -> None:
        desk.clock.now += seconds + 2  # as if each attempt took two seconds

    desk = Desk("down", sleep=pass_time)
    started = desk.clock.now
    assert desk.where() == "default"
    assert desk.clock.now - started < 3


def test_without_time_nothing_is_read_and_the_alerts_still_have_a_destination() -> None:
    desk = Desk(GOOD)
    assert [destination for destination, _ in desk.route(ALARM, seconds=0)] == ["default"]
    assert desk.store.names == []
