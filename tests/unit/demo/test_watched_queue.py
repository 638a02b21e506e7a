from demo.ministack import QueuedMessage
from demo.watched_queue import WatchedQueue
from tests.support.samples.events import alarm_message, sns_body


def message(name: str) -> QueuedMessage:
    body = sns_body(alarm_message(AlarmName=name), message_id=f"sns-{name}")
    return QueuedMessage(f"sqs-{name}", body, receives=3, is_visible=True)


def test_an_arrival_is_reported_once_with_its_detail() -> None:
    queue = WatchedQueue("dead-letter", lambda message: f"receives: {message.receives}")
    [event] = queue.update([message("disk")], [])
    assert (event.word, event.alert, event.detail) == ("dead-letter", "ALARM disk", "receives: 3")
    assert not [*queue.update([message("disk")], [])]


def test_a_redriven_alert_leaves_the_queue_and_may_arrive_again() -> None:
    queue = WatchedQueue("dead-letter", lambda _: "")
    assert [*queue.update([message("disk"), message("cpu")], [])]
    [event] = queue.update([message("cpu")], [])
    assert (event.word, event.alert) == ("redriven", "ALARM disk")
    assert [one.name for one in queue.alerts.values()] == ["cpu"]
    assert [one.word for one in queue.update([message("cpu"), message("disk")], [])] == ["dead-letter"]
