import json
from dataclasses import replace
from typing import Any

from aws_events.envelope import read_event
from outcomes.outcome import Outcome, Park, ParkReason, Skipped, SkipReason
from record_batch.admission import Admission
from tests.support.samples.events import QUEUE_ARN, TOPIC_ARN, sns_body, sns_event, sqs_event

PUBLISHED = 1769860800.0
ADMISSION = Admission(QUEUE_ARN, frozenset({TOPIC_ARN}), clock=lambda: PUBLISHED + 60)


def judged(event: object, admission: Admission = ADMISSION) -> Outcome | None:
    """What becomes of the only record without being worked on, or None where it is admitted."""
    _, others = admission.admit(read_event(event))  # type: ignore[arg-type] # all readable
    return others[0][1] if others else None


def test_what_came_by_our_queue_and_topic_is_let_in() -> None:
    assert judged(sqs_event(sns_body("x"))) is None
    assert judged(sqs_event("raw")) is None
    assert judged(sns_event("x")) is None


def test_another_queue_is_an_unexpected_source() -> None:
    other = Admission("arn:aws:sqs:eu-west-1:123456789012:other", frozenset({TOPIC_ARN}))
    assert judged(sqs_event("raw"), other) == Park(ParkReason.UNEXPECTED_SOURCE, "queue")


def test_another_topic_is_an_unexpected_source() -> None:
    other = Admission(QUEUE_ARN, frozenset())
    assert judged(sqs_event(sns_body("x")), other) == Park(ParkReason.UNEXPECTED_SOURCE, "topic")
    assert judged(sns_event("x"), other) == Park(ParkReason.UNEXPECTED_SOURCE, "topic")


def test_a_confirmation_of_sns_holds_nothing_to_deliver() -> None:
    for kind in ("SubscriptionConfirmation", "UnsubscribeConfirmation"):
        body = sns_body("You have chosen to subscribe").replace("Notification", kind)
        assert judged(sqs_event(body)) == Skipped(SkipReason.SUBSCRIPTION)


def test_each_record_is_judged_for_itself_and_keeps_its_order() -> None:
    confirmation = sns_body("x").replace("Notification", "SubscriptionConfirmation")
    admitted, others = ADMISSION.admit(read_event(sqs_event("a", confirmation, "b")))  # type: ignore[arg-type]
    assert [record.text for record in admitted] == ["a", "b"]
    assert [record.message_id for record, _ in others] == ["m2"]


def aged(days: float, **facts: object) -> dict[str, Any]:
    """An event that was published so many days before it is judged."""
    event = sqs_event("raw")
    [record] = event["Records"]
    record["attributes"]["SentTimestamp"] = str(round((PUBLISHED + 60 - days * 86_400) * 1000))
    if facts:
        record["messageAttributes"] = {"holdfast": {"dataType": "String", "stringValue": json.dumps(facts)}}
    return event


def test_a_record_is_expired_when_it_is_twelve_days_old() -> None:
    assert judged(aged(11.999)) is None
    assert judged(aged(12)) == Park(ParkReason.EXPIRED, "12 days old")


def test_age_counts_from_the_first_publication_and_not_from_the_last_queue() -> None:
    assert judged(aged(0, sent_at=PUBLISHED - 12 * 86_400)) == Park(ParkReason.EXPIRED, "12 days old")


def test_a_record_that_was_sent_back_from_parking_has_twelve_days_again() -> None:
    assert judged(aged(13, renewed_at=PUBLISHED - 11 * 86_400)) is None
    assert judged(aged(25, renewed_at=PUBLISHED - 12 * 86_400)) == Park(ParkReason.EXPIRED, "12 days old")


def test_a_record_without_a_time_does_not_expire() -> None:
    assert judged(sqs_event("raw")) is None


def test_a_record_of_another_queue_is_parked_for_that_however_old_it_is() -> None:
    other = replace(ADMISSION, queue_arn="arn:aws:sqs:eu-west-1:123456789012:other")
    assert judged(aged(13), other) == Park(ParkReason.UNEXPECTED_SOURCE, "queue")


def test_requests_for_calls_have_an_expiry_of_their_own() -> None:
    assert judged(aged(13), replace(ADMISSION, expires=False)) is None


def test_no_topic_is_asked_for_where_all_are_admitted() -> None:
    assert judged(sqs_event(sns_body("x")), replace(ADMISSION, topic_arns=None)) is None
