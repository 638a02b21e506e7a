import json
from dataclasses import replace
from typing import Any

import pytest

from aws_events.alarm_action import read_invocation
from holdfast_cli.kinds import SAMPLES
from outcomes.outcome import Outcome, Park, ParkReason, Skipped, SkipReason
from record_batch.admission import Admission
from tests.support.samples.events import QUEUE_ARN, TOPIC_ARN, alarm_action, sns_body, sns_event, sqs_event

NOW = 1769860860.0
DAY = 86_400
ADMISSION = Admission(QUEUE_ARN, frozenset({TOPIC_ARN}), clock=lambda: NOW)
OTHER_QUEUE = replace(ADMISSION, queue_arn="arn:aws:sqs:eu-west-1:123456789012:other")
NO_TOPIC = replace(ADMISSION, topic_arns=frozenset())
ANY_TOPIC = replace(ADMISSION, topic_arns=None)

UNEXPECTED_QUEUE = Park(ParkReason.UNEXPECTED_SOURCE, "queue")
UNEXPECTED_TOPIC = Park(ParkReason.UNEXPECTED_SOURCE, "topic")
UNEXPECTED_ALARM = Park(ParkReason.UNEXPECTED_SOURCE, "alarm")
EXPIRED = Park(ParkReason.EXPIRED, "12 days old")
SUBSCRIPTION = Skipped(SkipReason.SUBSCRIPTION)
TEST_EVENT = Skipped(SkipReason.TEST_EVENT)
STACK_RESOURCE = Skipped(SkipReason.STACK_RESOURCE)
PROGRESS, FAILURE = (
    (SAMPLES / f"cloudformation-resource-{name}.txt").read_text(encoding="utf-8") for name in ("complete", "failed")
)
S3_TEST = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "invoices"})
ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"


def alarms(names: str) -> Admission:
    """Return the admission of direct alarms whose names fit this pattern."""
    return replace(ADMISSION, alarm_arns=ARN + names)


def confirmation(kind: str) -> str:
    return sns_body("You have chosen to subscribe").replace("Notification", kind)


def aged(days: float, **facts: object) -> dict[str, Any]:
    """Return an event whose record was sent so many days ago, with these facts in our attribute."""
    event = sqs_event("raw")
    [record] = event["Records"]
    record["attributes"]["SentTimestamp"] = str(round((NOW - days * DAY) * 1000))
    if facts:
        record["messageAttributes"] = {"holdfast": {"dataType": "String", "stringValue": json.dumps(facts)}}
    return event


@pytest.mark.parametrize(
    ("event", "admission", "outcome"),
    [
        (sqs_event(sns_body("x")), ADMISSION, None),
        (sqs_event("raw"), ADMISSION, None),
        (sns_event("x"), ADMISSION, None),
        (sqs_event("raw"), OTHER_QUEUE, UNEXPECTED_QUEUE),
        (sqs_event(sns_body("x")), NO_TOPIC, UNEXPECTED_TOPIC),
        (sns_event("x"), NO_TOPIC, UNEXPECTED_TOPIC),
        (sqs_event(sns_body("x")), ANY_TOPIC, None),
        (sqs_event(confirmation("SubscriptionConfirmation")), ADMISSION, SUBSCRIPTION),
        (sqs_event(confirmation("UnsubscribeConfirmation")), ADMISSION, SUBSCRIPTION),
        (aged(11.999), ADMISSION, None),
        (aged(12), ADMISSION, EXPIRED),
        (aged(0, sent_at=NOW - 12 * DAY), ADMISSION, EXPIRED),  # the first publication counts
        (aged(13, renewed_at=NOW - 11.99 * DAY), ADMISSION, None),  # a redrive from parking starts the age anew
        (aged(25, renewed_at=NOW - 12 * DAY), ADMISSION, EXPIRED),
        (aged(13), OTHER_QUEUE, UNEXPECTED_QUEUE),
        (aged(13), replace(ADMISSION, expires=False), None),
        (alarm_action("shop-cpu"), alarms("*"), None),
        (alarm_action("shop-cpu"), alarms("shop-*"), None),
        (alarm_action("shop-cpu"), alarms("checkout-*"), UNEXPECTED_ALARM),
        (alarm_action("shop-cpu"), ADMISSION, UNEXPECTED_ALARM),
        (alarm_action("shop-cpu", alarmArn=""), ADMISSION, UNEXPECTED_ALARM),
        (alarm_action("shop-cpu", alarmArn=None), alarms("*"), UNEXPECTED_ALARM),
        (alarm_action("shop-cpu", alarmArn=ARN.replace("123456789012", "999999999999")), alarms("*"), UNEXPECTED_ALARM),
        # Without an envelope, as any other message of a principal that may send to the queue.
        (sqs_event(json.dumps(alarm_action("shop-cpu"))), ADMISSION, None),
        (sqs_event(S3_TEST), ADMISSION, TEST_EVENT),
        (sqs_event(sns_body(S3_TEST)), ADMISSION, TEST_EVENT),
        (sns_event(S3_TEST), ADMISSION, TEST_EVENT),
        (sqs_event(sns_body(PROGRESS)), ADMISSION, STACK_RESOURCE),
        (sns_event(PROGRESS), ADMISSION, STACK_RESOURCE),
        (sqs_event(sns_body(FAILURE)), ADMISSION, None),
    ],
)
def test_a_record_is_admitted_by_its_queue_topic_alarm_kind_and_age(
    event: object, admission: Admission, outcome: Outcome | None
) -> None:
    admitted, others = admission.admit(read_invocation(event, request_id="r1"))  # type: ignore[arg-type] # all readable
    assert ([one for _, one in others], len(admitted)) == (([], 1) if outcome is None else ([outcome], 0))


def test_each_record_is_judged_by_itself_and_keeps_its_order() -> None:
    event = sqs_event("a", confirmation("SubscriptionConfirmation"), "b")
    admitted, others = ADMISSION.admit(read_invocation(event, request_id="r1"))  # type: ignore[arg-type] # all readable
    assert [record.text for record in admitted] == ["a", "b"]
    assert [record.message_id for record, _ in others] == ["m2"]
