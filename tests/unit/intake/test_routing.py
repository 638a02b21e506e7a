"""The lane of an alert; tests/unit/configuration/test_documents.py holds how the document is kept and missed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from configuration.documents import CACHE_TIME, Trouble
from notifications.self_tests import HEARTBEAT
from record_batch.lane_message import SELF_TESTS, LaneMessage, routed_message
from tests.support.samples.events import TEST_ALARM, alarm_message
from tests.support.samples.notifications import record
from tests.support.steps.router import ALARM, GOOD, ScriptedRoutes
from tests.support.steps.scripted_store import refusal

RESOLVED = record(alarm_message(AlarmName="payment-errors", NewStateValue="OK"))
NOTE = record("hello", sns_message_id="sns-1")


def facts(message: LaneMessage) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message.attributes.sent["holdfast"]["StringValue"])
    return found


def test_each_record_goes_by_its_route_or_to_the_default_destination() -> None:
    routes = ScriptedRoutes(GOOD)
    found = [routes.route(one) for one in (NOTE, ALARM, RESOLVED)]
    assert [(one.body, one.lane, facts(one)["mention"], facts(one)["as_text"]) for one in found] == [
        (NOTE.body, "default", "", False),
        (ALARM.body, "checkout", "<!here>", False),
        (RESOLVED.body, "calm", "", False),
    ]


@pytest.mark.parametrize("follow", ["thread", "off", ""])
def test_a_record_carries_how_its_route_follows_an_alarm(follow: str) -> None:
    route = {"match": {}, "destination": "ops"} | ({"follow": follow} if follow else {})
    assert facts(ScriptedRoutes(json.dumps({"routes": [route]})).route(ALARM))["follow"] == follow


def test_a_record_carries_when_its_route_reminds() -> None:
    route = {"match": {}, "destination": "ops", "remind_after": 4}
    assert facts(ScriptedRoutes(json.dumps({"routes": [route]})).route(ALARM))["remind_after"] == 4.0


@pytest.mark.parametrize(("passed", "lane"), [(0.0, "ops"), (60.0, "ops.muted-120-1"), (120.0, "ops")])
def test_during_the_mute_of_its_route_an_alert_has_the_lane_of_the_end(passed: float, lane: str) -> None:
    mute = {"from": "1970-01-01T00:01Z", "until": "1970-01-01T00:02Z"}
    other = {"match": {"kind": "text"}, "destination": "ops"}
    routes = ScriptedRoutes(json.dumps({"routes": [other, {"match": {}, "destination": "ops", "mute": mute}]}))
    routes.time.now = passed
    assert routes.lane() == lane


def test_a_routed_record_has_the_identity_of_its_alert_and_not_of_its_envelope() -> None:
    routes = ScriptedRoutes(GOOD)
    twin = replace(ALARM, message_id="m2", sns_message_id="sns-2")
    first, second = facts(routes.route(ALARM)), facts(routes.route(twin))
    assert first["identity"] == second["identity"] != ""
    assert facts(routes.route(NOTE))["identity"] == "sns-1"
    assert facts(routes.route(record("raw", message_id="m7")))["identity"] == "m7"


@pytest.mark.parametrize("text", [HEARTBEAT, alarm_message(AlarmName=TEST_ALARM)])
def test_g10_a_self_test_goes_to_its_own_lane_by_any_routes(text: str) -> None:
    everything = '{"routes": [{"match": {}, "destination": "ops"}]}'
    routed = ScriptedRoutes(everything).route(record(text))
    assert (routed.lane, facts(routed)["mention"], facts(routed)["as_text"]) == (SELF_TESTS, "", False)


def test_if_routing_raises_the_alert_goes_to_the_default_destination_as_text(caplog: pytest.LogCaptureFixture) -> None:
    routes = ScriptedRoutes(GOOD)
    routes.store.answers = [LookupError("canary")]  # an error that no store raises
    alert = replace(ALARM, sns_message_id="sns-3")
    assert routes.route(alert) == routed_message(alert, "default", identity="sns-3", as_text=True)
    assert [(one.getMessage(), vars(one)["error"]) for one in caplog.records] == [("not routed", "LookupError")]


def test_a_redriven_raw_record_as_text_has_its_first_identity() -> None:
    ours = {"holdfast": {"dataType": "String", "stringValue": '{"alert_id": "m0"}'}}
    redriven = record("raw", message_id="m9", attributes=ours)
    routed = ScriptedRoutes(GOOD).router.as_text(redriven)
    assert routed == routed_message(redriven, "default", identity="m0", as_text=True)


@given(text=st.text())
@example(text="[" * 100_000)
@example(text='{"AlarmName": [], "NewStateValue": "ALARM"}')
def test_any_text_has_a_lane(text: str) -> None:
    alert = record(text)
    routed = ScriptedRoutes(GOOD).route(alert)
    assert (routed.body, routed.lane) == (alert.body, "default")
    assert facts(routed)["identity"]


@pytest.mark.parametrize(
    ("answer", "troubles"),
    [
        (None, []),
        (GOOD.replace("match", "matches"), [Trouble.INVALID]),
        (refusal("AccessDeniedException"), [Trouble.UNREADABLE]),
    ],
)
def test_without_a_document_that_can_be_used_alerts_go_to_the_default_destination(
    answer: str | Exception | None, troubles: list[Trouble]
) -> None:
    routes = ScriptedRoutes(answer, GOOD)
    assert [routes.lane(), routes.lane()] == ["default", "default"]
    assert routes.troubles == troubles
    routes.time.now += CACHE_TIME
    assert routes.lane() == "checkout"


def test_a_document_that_hangs_leaves_the_time_to_the_alerts() -> None:
    def pass_time(seconds: float) -> None:
        routes.time.now += seconds + 2  # as if each attempt took two seconds

    routes = ScriptedRoutes(refusal("ThrottlingException"), sleep=pass_time)
    started = routes.time.now
    assert routes.lane() == "default"
    assert routes.time.now - started < 3
