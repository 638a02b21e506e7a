"""The whole handler of intake."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from aws_events.event_reading import read_event
from aws_events.record import Record, UnknownEvent
from intake import app
from notifications.self_tests import HEARTBEAT
from outcomes.outcome import Later, LaterReason, Moved
from record_batch.batch_response import Undelivered
from record_batch.lane_message import SELF_TESTS
from retry_policies import Deadline
from tests.support.handlers.intake import ROUTES, Intake, intake_handler
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import (
    TEST_ALARM,
    alarm_action,
    alarm_message,
    sample,
    sns_body,
    sns_event,
    sqs_event,
    sqs_record,
)
from tests.support.samples.notifications import record
from tests.support.samples.twins import ALARM_ARNS, Twins, alarm_twins, contributor_twins
from tests.support.steps.router import GOOD
from tests.support.steps.scripted_store import refusal
from tests.support.steps.virtual_lanes import VirtualLanes

DONE: dict[str, list[object]] = {"batchItemFailures": []}
DENIED = refusal("AccessDenied", 403)
ALARM = sns_body(alarm_message())
ACTION = alarm_twins("shop-cpu").action


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    with intake_handler(monkeypatch) as intake:
        yield intake


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    """Return the handler on a stack that alarms of the samples' account may invoke."""
    with intake_handler(monkeypatch, DIRECT_ALARM_ARN=ALARM_ARNS) as intake:
        yield intake


def put_routes(text: str) -> None:
    boto3.client("ssm").put_parameter(Name=ROUTES, Value=text, Type="String", Overwrite=True)


def last_success() -> str:
    item = boto3.client("dynamodb").get_item(TableName="deliveries", Key={"id": {"S": "success#intake"}}).get("Item")
    return item["until"]["N"] if item else ""


def test_records_of_sqs_go_to_their_lanes_with_the_facts_for_slack_alerts(intake: Intake) -> None:
    put_routes(GOOD)
    note = sns_body("hello", message_id="sns-2")
    assert last_success() == ""
    assert intake.handle(sqs_event(ALARM, note)) == intake.handle(sqs_event(ALARM)) == DONE  # SQS drops the copy
    assert float(last_success()) > 0
    alarm, text = intake.queued("lanes.fifo")
    assert (alarm["lane"], alarm["body"], alarm["mention"]) == ("checkout", ALARM, "<!here>")
    assert (alarm["alert_id"], alarm["hop"], alarm["as_text"]) == ("m1", 0, False)
    assert alarm["identity"] not in {"", "m1", "sns-1"}
    assert (text["lane"], text["body"], text["identity"]) == ("default", note, "sns-2")


def test_a_record_from_sns_directly_goes_to_its_lane(intake: Intake) -> None:
    assert intake.handle(sns_event("direct")) == DONE
    [arrived] = intake.queued("lanes.fifo")
    assert (arrived["lane"], arrived["identity"], arrived["alert_id"]) == ("default", "sns-1", "sns-1")
    assert json.loads(arrived["body"])["Message"] == "direct"
    assert intake.queued("alerts") == []


@pytest.mark.parametrize("twins", [alarm_twins("shop-cpu"), contributor_twins("throttled", "orders")])
def test_d1_the_action_of_an_alarm_and_its_twins_are_one_alert(direct: Intake, twins: Twins) -> None:
    assert direct.handle(twins.action) == DONE
    bodies = [sns_body(text, message_id=text) for text in (twins.message, twins.event)]
    assert direct.handle(sqs_event(*bodies)) == direct.handle(twins.action) == DONE
    [arrived] = direct.queued("lanes.fifo")
    assert (json.loads(arrived["body"]), arrived["alert_id"]) == (twins.action, "request-1")


def test_d1_two_contributors_to_an_alarm_are_two_alerts(direct: Intake) -> None:
    for contributor in ("orders", "invoices"):
        assert direct.handle(contributor_twins("throttled", contributor).action) == DONE
    assert len(direct.queued("lanes.fifo")) == 2


def test_an_action_without_a_readable_alarm_is_an_alert_of_its_invocation(direct: Intake) -> None:
    assert direct.handle(ACTION | {"alarmData": {}}) == DONE
    [arrived] = direct.queued("lanes.fifo")
    assert (arrived["lane"], arrived["identity"]) == ("default", "request-1")


def test_heartbeat_and_test_alarm_have_their_own_lane(intake: Intake) -> None:
    test_alarm = sns_body(alarm_message(AlarmName=TEST_ALARM), message_id="sns-2")
    assert intake.handle(sqs_event(sns_body(HEARTBEAT), test_alarm)) == DONE
    assert [one["lane"] for one in intake.queued("lanes.fifo")] == [SELF_TESTS] * 2


def test_an_unusable_routes_document_loses_no_alert_and_is_counted(
    intake: Intake, capsys: pytest.CaptureFixture[str]
) -> None:
    put_routes("no JSON")
    assert intake.handle(sqs_event(ALARM)) == DONE
    assert [one["lane"] for one in intake.queued("lanes.fifo")] == ["default"]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "RoutesNotUsed" in line]
    assert [line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] for line in lines] == [[["service"]]]


def test_an_alert_of_a_muted_route_waits_in_a_lane_of_its_own_and_is_counted(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "holdfast.intake")
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    mute = {"from": f"{ends - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}", "until": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
    put_routes(json.dumps({"routes": [{"match": {"kind": "alarm"}, "destination": "ops", "mute": mute}]}))
    assert intake.handle(sqs_event(ALARM, "text")) == DONE
    assert [one["lane"] for one in intake.queued("lanes.fifo")] == [f"ops.muted-{ends.timestamp():.0f}-0", "default"]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"Muted"' in line]
    assert [line["Muted"] for line in lines] == [[1.0]]


def test_while_lanes_queue_denies_nothing_is_acknowledged_or_parked(intake: Intake) -> None:
    intake.sqs.failing["send_message_batch"] = DENIED
    named = intake.handle(sqs_event(ALARM, "raw"))
    assert named == {"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]}
    assert all(10 <= seconds <= 13 for seconds in intake.sqs.hidden.values())
    assert (set(intake.sqs.hidden), intake.sqs.deleted) == ({"r1", "r2"}, [])
    assert (intake.queued("lanes.fifo"), intake.queued("parking"), last_success()) == ([], [], "")
    intake.sqs.failing.clear()
    assert intake.handle(sqs_event(ALARM, "raw", receive_count=19)) == DONE
    assert [one["as_text"] for one in intake.queued("lanes.fifo")] == [False, False]


@pytest.mark.usefixtures("intake")
def test_an_alert_that_its_lane_refuses_is_for_later_with_those_behind_it() -> None:
    put_routes(GOOD)
    queue = VirtualLanes()
    queue.sqs.failing = {"0": ["AccessDenied"]}
    steps = replace(app.wire(), lanes=queue.lanes)
    alarms = [alarm_message(AlarmName=f"checkout-{number}") for number in range(10)]
    sent = app.send_to_lanes(steps, map(record, ["0", *alarms, "1"]), Deadline.after(60))
    not_sent, moved = Later(LaterReason.NOT_SENT), Moved("checkout")
    assert [outcome for _, outcome in sent] == [not_sent, *[moved] * 10, not_sent]
    assert queue.stored() == alarms
    assert float(last_success()) > 0


def test_a_direct_record_waits_in_alerts_queue_while_lanes_queue_denies(intake: Intake) -> None:
    intake.sqs.failing["send_message_batch"] = DENIED
    assert intake.handle(sns_event("direct")) == DONE
    counts = boto3.client("sqs").get_queue_attributes(QueueUrl=intake.queues.urls["alerts"], AttributeNames=["All"])
    assert counts["Attributes"]["ApproximateNumberOfMessagesDelayed"] == "1"
    assert intake.queued("parking") == []


def test_a_direct_alarm_waits_in_alerts_queue_and_is_still_the_twin_of_its_sns_message(direct: Intake) -> None:
    direct.sqs.failing["send_message_batch"] = DENIED
    assert direct.handle(ACTION) == DONE
    [waiting] = direct.queues.messages("alerts")  # it is delayed
    direct.sqs.failing.clear()
    twin = sns_body(alarm_twins("shop-cpu").message)
    assert direct.handle(sqs_event(waiting.body)) == direct.handle(sqs_event(twin)) == DONE
    assert [one["body"] for one in direct.queued("lanes.fifo")] == [waiting.body]


@pytest.mark.parametrize("event", [sns_event("direct"), ACTION], ids=["topic", "alarm"])
def test_if_no_queue_takes_a_direct_record_the_invocation_fails(direct: Intake, event: object) -> None:
    direct.sqs.failing["send_message_batch"] = DENIED
    boto3.client("sqs").delete_queue(QueueUrl=direct.queues.urls["alerts"])
    with pytest.raises(Undelivered):
        direct.handle(event)


def test_d13_an_alarm_that_may_not_invoke_the_function_is_parked(intake: Intake) -> None:
    assert intake.handle(ACTION) == DONE
    [parked] = intake.queued("parking")
    assert (parked["reason"], parked["detail"]) == ("unexpected_source", "alarm")
    assert (json.loads(parked["body"]), intake.queued("lanes.fifo")) == (ACTION, [])


def test_d14_the_test_event_of_s3_is_skipped_and_counted(intake: Intake, capsys: pytest.CaptureFixture[str]) -> None:
    assert intake.handle(sqs_event(sns_body(json.dumps(sample("kinds/s3-test"))))) == DONE
    assert (intake.queued("lanes.fifo"), intake.queued("parking")) == ([], [])
    [counted] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "Skipped" in line]
    assert (counted["Skipped"], counted["reason"]) == ([1.0], "test_event")


def test_a_record_that_is_not_admitted_is_parked_and_the_others_are_sent(intake: Intake) -> None:
    foreign = sqs_record("foreign") | {"eventSourceARN": "arn:aws:sqs:eu-west-1:999999999999:other"}
    old = sqs_record("old", 2)
    old["attributes"]["SentTimestamp"] = "1000"
    topic = sqs_record(sns_body("x").replace(":alerts", ":other"), 3)
    assert intake.handle({"Records": [foreign, old, topic, sqs_record("good", 4)]}) == DONE
    assert [(one["reason"], one["detail"]) for one in intake.queued("parking")] == [
        ("unexpected_source", "queue"),
        ("expired", "12 days old"),
        ("unexpected_source", "topic"),
    ]
    assert [one["body"] for one in intake.queued("lanes.fifo")] == ["good"]


def test_c5_a_record_that_crashed_the_function_twice_goes_to_the_default_lane_as_text(intake: Intake) -> None:
    put_routes(GOOD)
    [suspect] = read_event(sqs_event(ALARM, receive_count=3))
    assert isinstance(suspect, Record)
    for _ in range(2):
        with pytest.raises(GeneratorExit), intake.steps().crashes.watch(suspect):
            raise GeneratorExit  # like a killed process
        intake.passed += 90
    assert intake.handle(sqs_event(ALARM, receive_count=5)) == DONE
    [arrived] = intake.queued("lanes.fifo")
    assert (arrived["lane"], arrived["as_text"], arrived["identity"]) == ("default", True, "sns-1")


def test_while_the_table_is_down_alerts_reach_their_lanes(intake: Intake) -> None:
    boto3.client("dynamodb").delete_table(TableName="deliveries")
    assert intake.handle(sqs_event(ALARM, "raw", receive_count=5)) == DONE
    assert len(intake.queued("lanes.fifo")) == 2


def test_the_handler_wires_itself_from_its_environment(intake: Intake) -> None:
    with pytest.raises(UnknownEvent):
        app.handler({"detail": {}}, FixedContext())
    assert app.handler(sqs_event("x"), FixedContext()) == app.handler(alarm_action(), FixedContext()) == DONE
    assert [one["body"] for one in intake.queued("lanes.fifo")] == ["x"]
    assert [one["detail"] for one in intake.queued("parking")] == ["alarm"]
