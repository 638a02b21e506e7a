from aws_events.envelope import read_event
from record_batch.admission import Admission
from record_batch.outcome import Outcome, Park, ParkReason, Skipped, SkipReason
from tests.support.events import QUEUE_ARN, TOPIC_ARN, sns_body, sns_event, sqs_event

ADMISSION = Admission(QUEUE_ARN, frozenset({TOPIC_ARN}))


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
