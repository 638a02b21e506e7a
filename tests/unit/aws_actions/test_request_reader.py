import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws_actions.models import AlarmWithoutRule, Request
from aws_actions.request_reader import RequestReader
from aws_actions.rules.rulebook import Rulebook
from aws_actions.tokens import idempotency_token
from aws_events.envelope import Record, read_event
from outcomes.outcome import Later, LaterReason, Outcome, Park, ParkReason
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from tests.support.samples.events import TOPIC_ARN, alarm_message, sqs_event
from tests.support.samples.notifications import record
from tests.support.steps.scripted_store import ScriptedStore, refusal
from tests.unit.aws_actions.builders import NOON, message
from tests.unit.aws_actions.rules.test_document import MATCH, document

AT = NOON.timestamp()
IDENTITY = (
    '["alarm", "123456789012", "eu-west-1", "checkout-errors", ["", []], "ALARM", "2026-01-31T12:00:41.123000+00:00"]'
)


def ask(asked: Record, rules: str | Exception | None = None) -> Request | AlarmWithoutRule | Outcome:
    book = Rulebook(
        store=ScriptedStore([rules]), parameter="/rules", policy=AWS_READ, on_trouble=lambda _: None, clock=lambda: 0.0
    )
    return RequestReader(lambda: book).read(asked, Deadline.after(60))


def sent(text: str, **changes: Any) -> Record:  # noqa: ANN401 - each field has its own type
    return record(text, **({"message_id": "m1", "sns_message_id": "sns-1", "published_at": AT} | changes))


def request_of(asked: Record, rules: str | None = None) -> Request:
    found = ask(asked, rules)
    assert isinstance(found, Request)
    return found


def test_a_message_is_known_by_its_own_key_else_by_sns_else_by_its_first_stay() -> None:
    carrying = {"holdfast": {"dataType": "String", "stringValue": json.dumps({"alert_id": "m0"})}}
    raw = sent(message(), sns_message_id="", attributes=carrying)
    assert request_of(sent(message(idempotency_key="deploy-7"))).key == "deploy-7"
    assert request_of(sent(message())).key == "sns-1"
    assert request_of(raw).key == "m0"


def test_an_alarm_is_known_by_itself_whatever_message_brings_it() -> None:
    keys = {request_of(sent(alarm_message(), sns_message_id=one), document()).key for one in ("sns-1", "sns-2")}
    assert keys == {IDENTITY}
    nameless = sent(alarm_message(AWSAccountId=None))
    assert request_of(nameless, document()).key == "sns-1"


def test_an_alarm_without_a_rule_keeps_its_key() -> None:
    unruled = ask(sent(alarm_message(NewStateValue="OK")), document())
    assert isinstance(unruled, AlarmWithoutRule)
    assert unruled.key == IDENTITY.replace('"ALARM"', '"OK"')


@pytest.mark.parametrize("down", [refusal("AccessDeniedException"), None])
def test_an_alarm_waits_for_rules_that_cannot_be_had_and_a_message_does_not(down: Exception | None) -> None:
    assert ask(sent(alarm_message()), down) == Later(LaterReason.RULES_UNAVAILABLE)
    assert isinstance(ask(sent(message()), down), Request)


def test_what_is_no_request_is_parked_by_its_field() -> None:
    assert ask(sent(message(operation=...))) == Park(ParkReason.INVALID_REQUEST, "message.operation: is missing")


def test_a_rule_whose_placeholders_the_alarm_cannot_fill_makes_a_request_that_says_so() -> None:
    needs = document(match=MATCH, request=json.loads(message(parameters={"service": "${dimension.ServiceName}"})))
    asked = request_of(sent(alarm_message()), needs)
    assert asked.problem == "parameters.service: the alarm has no dimension.ServiceName"
    assert (asked.key, asked.alarm) == (IDENTITY, "checkout-errors")


def test_a_request_expires_by_the_time_of_its_first_stay() -> None:
    carrying = {"holdfast": {"dataType": "String", "stringValue": json.dumps({"alert_id": "m0", "sent_at": AT})}}
    again = sent(message(), published_at=AT + 86_400, attributes=carrying)
    assert request_of(again).expires_at == datetime.fromtimestamp(AT, UTC) + timedelta(minutes=15)


def test_whoever_may_send_to_the_queue_cannot_put_the_expiry_off() -> None:
    facts = {"Type": "Notification", "TopicArn": TOPIC_ARN, "MessageId": "sns-1", "Message": message(expires_after=60)}
    body = json.dumps({**facts, "Timestamp": "2400-01-01T00:00:00.000Z"})
    carrying = {"holdfast": {"dataType": "String", "stringValue": json.dumps({"sent_at": AT + 86_400})}}
    event = sqs_event(body)
    event["Records"][0] |= {"messageAttributes": carrying}
    event["Records"][0]["attributes"]["SentTimestamp"] = str(int(AT * 1000))
    [read] = read_event(event)
    assert isinstance(read, Record)
    assert request_of(read).expires_at == NOON + timedelta(seconds=60)


@pytest.mark.parametrize("published_at", [None, 0.0])
def test_a_request_that_cannot_tell_its_time_is_too_late(published_at: float | None) -> None:
    asked = request_of(replace(sent(message()), published_at=published_at))
    assert asked.is_expired(NOON)


def by_queue(**envelope: str) -> Record:
    """A message as the queue has it, whoever wrote its envelope."""
    facts = {"Type": "Notification", "TopicArn": TOPIC_ARN, "MessageId": "sns-1", "Message": message()} | envelope
    event = sqs_event(json.dumps(facts))
    event["Records"][0]["attributes"]["SentTimestamp"] = str(int(AT * 1000))
    [read] = read_event(event)
    assert isinstance(read, Record)
    return read


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_no_clock_has_is_none(time: str) -> None:
    in_time = NOON + timedelta(minutes=15)
    assert request_of(by_queue(Timestamp=time)).expires_at == in_time
    changed = by_queue(Message=alarm_message(StateChangeTime=time))
    asked = request_of(changed, document())
    assert (asked.key, asked.expires_at) == ("sns-1", in_time)


def test_an_id_that_is_no_text_still_makes_a_token() -> None:
    named = document(match=MATCH, request=json.loads(message(parameters={"service": "${request.key}"})))
    nameless = by_queue(Message=alarm_message(AWSAccountId=None), MessageId="\ud800")
    carrying = {"holdfast": {"dataType": "String", "stringValue": json.dumps({"alert_id": "\ud800"})}}
    moved = sent(alarm_message(AWSAccountId=None), sns_message_id="", attributes=carrying)
    assert {request_of(one, named).call.parameters["service"] for one in (nameless, moved)} == {
        idempotency_token("\ud800")
    }
