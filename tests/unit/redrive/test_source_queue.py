import pytest

from record_batch.overflow import Overflow
from record_batch.receiving import QueueUnreadable
from redrive.source_queue import SourceQueue
from retry_policies import Deadline
from shared_state.memory_rows import MemoryRows
from tests.support.handlers.redrive import RedriveStack, alerts
from tests.support.steps.scripted_store import refusal


def source(stack: RedriveStack, queue: str) -> SourceQueue:
    return SourceQueue(sqs=stack.sqs, url=stack.urls[queue], overflow=Overflow(MemoryRows()), hidden=90, grace=2.5)


def test_ten_messages_are_received_at_once_hidden_and_deleted_one_by_one(stack: RedriveStack) -> None:
    queue = source(stack, "dead")
    assert queue.receive() == []
    stack.put("dead", *alerts(*range(12)))
    messages = queue.receive()
    assert [one.record.body for one in messages] == alerts(*range(10))
    assert stack.visible("dead") == 2
    queue.delete(messages[0])
    assert stack.bodies("dead") == alerts(*range(1, 12))


def test_hidden_messages_block_those_behind_them_in_their_lane(stack: RedriveStack) -> None:
    stack.put_lane("team", *range(12))
    stack.put_lane("calm", 20)
    queue = source(stack, "lanes-dead.fifo")
    assert [[one.lane for one in queue.receive()] for _ in range(3)] == [["team"] * 10, ["calm"], []]


def test_a_queue_that_cannot_be_read_is_an_error_with_its_code(stack: RedriveStack) -> None:
    stack.sqs.failing["receive_message"] = refusal("AccessDenied")
    with pytest.raises(QueueUnreadable, match=r"^AccessDenied$"):
        source(stack, "dead").receive()


@pytest.mark.parametrize(
    ("seconds", "code", "visible"), [(60, "", 1), (-2, "", 1), (-3, "", 0), (60, "AccessDenied", 0)]
)
def test_messages_are_shown_until_shortly_after_the_deadline(
    stack: RedriveStack, seconds: float, code: str, visible: int
) -> None:
    stack.put("dead", *alerts(1))
    queue = source(stack, "dead")
    [message] = queue.receive()
    if code:
        stack.sqs.failing["change_message_visibility"] = refusal(code)
    queue.show([message.receipt_handle], Deadline.after(seconds))
    assert stack.visible("dead") == visible
