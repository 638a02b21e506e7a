import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws_actions.models import AlarmWithoutRule, Request
from aws_actions.request_reader import RequestReader
from aws_actions.rules.rulebook import Rulebook
from aws_actions.tokens import idempotency_token
from aws_events.event_reading import read_event
from aws_events.record import Record
from outcomes.outcome import Later, LaterReason, Outcome, Park, ParkReason
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from tests.support.samples.events import TOPIC_ARN, alarm_message, sqs_event
from tests.support.samples.notifications import record
from tests.support.steps.scripted_store import ScriptedStore, refusal
from tests.unit.aws_actions.builders import NOON, message
from tests.unit.aws_actions.rules.test_document import document

AT = NOON.timestamp()
IN_TIME = NOON + timedelta(minutes=15)
IDENTITY = (
    '["alarm", "123456789012", "eu-west-1", "checkout-errors", ["", []], "ALARM", "2026-01-31T12:00:41.123000+00:00"]'
)
UNIDENTIFIED = alarm_message(AWSAccountId=None)


def read(received: Record, rules: str | Exception | None = None) -> Request | AlarmWithoutRule | Outcome:
    store = ScriptedStore([rules])
    book = Rulebook(store=store, parameter="/rules", policy=AWS_READ, on_trouble=lambda _: None)
    return RequestReader(lambda: book).read(received, Deadline.after(60))


def request_of(received: Record, rules: str | None = None) -> Request:
    found = read(received, rules)
    assert isinstance(found, Request)
    return found


def rules_with(**parameters: str) -> str:
    return document(request=json.loads(message(parameters=parameters)))


def sent(text: str, facts: dict[str, object] | None = None, **changes: Any) -> Record:  # noqa: ANN401 - each field has its own type
    ours = {"holdfast": {"dataType": "String", "stringValue": json.dumps(facts)}} if facts is not None else {}
    return record(
        text, **({"message_id": "m1", "sns_message_id": "sns-1", "published_at": AT, "attributes": ours} | changes)
    )


def enveloped(facts: dict[str, object] | None = None, **envelope: str) -> Record:
    """Return a message in an SNS envelope that anybody may have written, received by SQS at noon."""
    body = {"Type": "Notification", "TopicArn": TOPIC_ARN, "MessageId": "sns-1", "Message": message()} | envelope
    event = sqs_event(json.dumps(body))
    event["Records"][0]["attributes"]["SentTimestamp"] = str(int(AT * 1000))
    if facts is not None:
        ours = {"holdfast": {"dataType": "String", "stringValue": json.dumps(facts)}}
        event["Records"][0] |= {"messageAttributes": ours}
    [found] = read_event(event)
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize(
    ("received", "key"),
    [
        (sent(message(idempotency_key="deploy-7")), "deploy-7"),
        (sent(message()), "sns-1"),
        (sent(message(), {"alert_id": "m0"}, sns_message_id=""), "m0"),
        (sent(alarm_message()), IDENTITY),
        (sent(alarm_message(), sns_message_id="sns-2"), IDENTITY),
        (sent(UNIDENTIFIED), "sns-1"),
    ],
)
def test_a_request_has_a_key_that_is_the_same_for_each_copy(received: Record, key: str) -> None:
    assert request_of(received, document()).key == key


def test_an_alarm_without_a_rule_keeps_its_key() -> None:
    key = IDENTITY.replace('"ALARM"', '"OK"')
    assert read(sent(alarm_message(NewStateValue="OK")), document()) == AlarmWithoutRule(key)


@pytest.mark.parametrize("down", [refusal("AccessDeniedException"), None])
def test_an_alarm_waits_for_rules_that_cannot_be_read_and_a_message_needs_none(down: Exception | None) -> None:
    assert read(sent(alarm_message()), down) == Later(LaterReason.RULES_UNAVAILABLE)
    assert isinstance(read(sent(message()), down), Request)


def test_an_invalid_message_is_parked_with_the_field() -> None:
    assert read(sent(message(operation=...))) == Park(ParkReason.INVALID_REQUEST, "message.operation: is missing")


def test_a_rule_that_the_alarm_cannot_fill_makes_a_request_with_a_problem() -> None:
    request = request_of(sent(alarm_message()), rules_with(service="${dimension.ServiceName}"))
    assert request.problem == "parameters.service: the alarm has no dimension.ServiceName"
    assert (request.key, request.alarm) == (IDENTITY, "checkout-errors")


@pytest.mark.parametrize(
    ("received", "expires_at"),
    [
        (sent(message(), {"alert_id": "m0", "sent_at": AT}, published_at=AT + 86_400), IN_TIME),
        (enveloped({"sent_at": AT + 86_400}, Timestamp="2400-01-01T00:00:00.000Z"), IN_TIME),
        (enveloped(Timestamp="0001-01-01T00:00:00+14:00"), IN_TIME),
        (enveloped(Timestamp="9999-12-31T23:59:59-14:00"), IN_TIME),
        (enveloped(Message=alarm_message(StateChangeTime="9999-12-31T23:59:59-14:00")), IN_TIME),
        (replace(sent(message()), published_at=None), datetime.fromtimestamp(900, UTC)),
        (replace(sent(message()), published_at=0.0), datetime.fromtimestamp(900, UTC)),
    ],
    ids=["first publication", "forged times", "too early", "too late", "alarm too late", "without a time", "epoch"],
)
def test_a_request_expires_by_its_first_publication_and_no_later_than_sqs_received_it(
    received: Record, expires_at: datetime
) -> None:
    assert request_of(received, document()).expires_at == expires_at


def test_an_id_that_is_not_unicode_makes_a_token() -> None:
    records = (
        enveloped(Message=UNIDENTIFIED, MessageId="\ud800"),
        sent(UNIDENTIFIED, {"alert_id": "\ud800"}, sns_message_id=""),
    )
    services = {request_of(one, rules_with(service="${request.key}")).call.parameters["service"] for one in records}
    assert services == {idempotency_token("\ud800")}
