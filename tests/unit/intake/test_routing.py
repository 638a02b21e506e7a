import logging
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from configuration.documents import CACHE_TIME, CACHE_TIME_AFTER_TROUBLE, Trouble
from intake.models import Routed
from notifications.self_tests import HEARTBEAT
from record_batch.lane_queue import SELF_TESTS
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record
from tests.support.steps.router import ALARM, GOOD, OTHER, TEST_ALARM, TROUBLES, Desk, answer

RESOLVED = record(alarm_message(AlarmName="payment-errors", NewStateValue="OK"))
NOTE = record("hello", sns_message_id="sns-1")


def test_each_record_goes_by_its_route_or_to_the_default_destination() -> None:
    desk = Desk(GOOD)
    found = [desk.route(one) for one in (NOTE, ALARM, RESOLVED)]
    assert [(one.record, one.lane, one.mention, one.as_text) for one in found] == [
        (NOTE, "default", "", False),
        (ALARM, "checkout", "<!here>", False),
        (RESOLVED, "calm", "", False),
    ]


def test_a_routed_record_has_the_identity_of_its_alert_and_not_of_its_envelope() -> None:
    desk = Desk(GOOD)
    twin = replace(ALARM, message_id="m2", sns_message_id="sns-2")
    assert desk.route(ALARM).identity == desk.route(twin).identity != ""
    assert desk.route(NOTE).identity == "sns-1"
    assert desk.route(record("raw", message_id="m7")).identity == "m7"


@pytest.mark.parametrize("text", [HEARTBEAT, alarm_message(AlarmName=TEST_ALARM)])
def test_g10_a_self_test_goes_to_a_lane_of_its_own_whatever_the_routes_are(text: str) -> None:
    everything = '{"routes": [{"match": {}, "destination": "ops"}]}'
    routed = Desk(everything).route(record(text))
    assert (routed.lane, routed.mention, routed.as_text) == (SELF_TESTS, "", False)


def test_whatever_raises_in_routing_the_alert_goes_to_the_default_destination_as_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(GOOD)
    desk.store.answers = [LookupError("canary")]  # an error that no store raises
    alert = replace(ALARM, sns_message_id="sns-3")
    assert desk.route(alert) == Routed(alert, "default", "sns-3", as_text=True)
    assert [(one.getMessage(), vars(one)["error"]) for one in caplog.records] == [("not routed", "LookupError")]


def test_a_raw_record_as_text_has_the_identity_of_its_first_stay() -> None:
    ours = {"holdfast": {"dataType": "String", "stringValue": '{"alert_id": "m0"}'}}
    redriven = record("raw", message_id="m9", attributes=ours)
    assert Desk(GOOD).router.as_text(redriven) == Routed(redriven, "default", "m0", as_text=True)


@given(text=st.text())
@example(text="[" * 100_000)
@example(text='{"AlarmName": [], "NewStateValue": "ALARM"}')
def test_any_text_has_a_lane(text: str) -> None:
    alert = record(text)
    routed = Desk(GOOD).route(alert)
    assert (routed.record, routed.lane) == (alert, "default")
    assert routed.identity


def test_the_document_is_read_by_its_name_and_kept_for_five_minutes() -> None:
    desk = Desk(GOOD, OTHER)
    assert [desk.where(), desk.where()] == ["checkout", "checkout"]
    desk.clock.now += CACHE_TIME - 0.1
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
    desk.clock.now += CACHE_TIME
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
        desk.clock.now += CACHE_TIME
        assert desk.where() == "checkout"
    assert desk.troubles == [TROUBLES[word][0] if word is not None else Trouble.MISSING] * 3
    desk.store.answers = [OTHER]
    desk.clock.now += CACHE_TIME_AFTER_TROUBLE
    assert desk.where() == "other"


def test_a_document_without_routes_is_a_good_one() -> None:
    desk = Desk(GOOD, '{"routes": []}', "throttled")
    assert desk.where() == "checkout"
    for _ in range(2):
        desk.clock.now += CACHE_TIME
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
    assert desk.route(ALARM, seconds=0).lane == "default"
    assert desk.store.names == []
