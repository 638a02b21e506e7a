from demo.kept import Kept
from demo.ministack import QueuedMessage
from tests.support.samples.events import alarm_message, sns_body


def letter(name: str) -> QueuedMessage:
    body = sns_body(alarm_message(AlarmName=name), message_id=f"sns-{name}")
    return QueuedMessage(f"sqs-{name}", body, receives=3, is_visible=True)


def test_what_comes_is_told_once_with_its_reason() -> None:
    kept = Kept("dead-letter", lambda message: f"receives: {message.receives}")
    [event] = kept.see([letter("disk")], [])
    assert (event.word, event.alert, event.detail) == ("dead-letter", "ALARM disk", "receives: 3")
    assert not [*kept.see([letter("disk")], [])]


def test_what_is_redriven_stands_there_no_more_and_may_come_again() -> None:
    kept = Kept("dead-letter", lambda _: "")
    assert [*kept.see([letter("disk"), letter("cpu")], [])]
    [event] = kept.see([letter("cpu")], [])
    assert (event.word, event.alert) == ("redriven", "ALARM disk")
    assert [one.name for one in kept.alerts.values()] == ["cpu"]
    assert [one.word for one in kept.see([letter("cpu"), letter("disk")], [])] == ["dead-letter"]
