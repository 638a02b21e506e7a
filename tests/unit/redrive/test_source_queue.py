"""Messages are received and hidden, deleted for good, or shown again."""

import pytest

from record_batch.overflow import Overflow
from record_batch.receiving import QueueUnreadable
from redrive.source_queue import SourceQueue
from retry_policies import Deadline
from shared_state.memory_rows import MemoryRows
from tests.support.handlers.redrive import RedriveStack, alert, alerts
from tests.support.steps.scripted_store import refusal

LATER = Deadline.after(60)


def undelivered(stack: RedriveStack, queue: str) -> SourceQueue:
    return SourceQueue(sqs=stack.sqs, url=stack.urls[queue], overflow=Overflow(MemoryRows()), hidden=90, grace=2.5)


def test_ten_letters_are_received_at_once_and_hidden(stack: RedriveStack) -> None:
    stack.put("dead", *alerts(*range(12)))
    letters = undelivered(stack, "dead").receive()
    assert [letter.record.body for letter in letters] == [alert(number) for number in range(10)]
    assert [letter.record.receive_count for letter in letters] == [1] * 10
    assert stack.visible("dead") == 2


def test_letters_of_a_fifo_queue_have_a_lane(stack: RedriveStack) -> None:
    stack.put_lane("team", 1)
    [letter] = undelivered(stack, "lanes-dead.fifo").receive()
    assert letter.lane == "team"


def test_held_letters_block_those_behind_them_in_their_lane(stack: RedriveStack) -> None:
    stack.put_lane("team", *range(12))
    stack.put_lane("calm", 20)
    queue = undelivered(stack, "lanes-dead.fifo")
    assert [[one.lane for one in queue.receive()] for _ in range(3)] == [["team"] * 10, ["calm"], []]


def test_an_empty_queue_has_no_letters(stack: RedriveStack) -> None:
    assert undelivered(stack, "dead").receive() == []


def test_a_queue_that_cannot_be_read_is_an_error_with_its_code(stack: RedriveStack) -> None:
    stack.sqs.failing["receive_message"] = refusal("AccessDenied")
    with pytest.raises(QueueUnreadable, match=r"^AccessDenied$"):
        undelivered(stack, "dead").receive()


def test_a_deleted_letter_is_gone(stack: RedriveStack) -> None:
    stack.put("dead", alert(1))
    queue = undelivered(stack, "dead")
    [letter] = queue.receive()
    queue.delete(letter)
    assert stack.bodies("dead") == []


def test_letters_are_shown_again_also_shortly_after_the_deadline(stack: RedriveStack) -> None:
    stack.put("dead", alert(1))
    queue = undelivered(stack, "dead")
    [letter] = queue.receive()
    queue.show([letter.receipt_handle], Deadline.after(-2))
    assert stack.visible("dead") == 1


def test_letters_stay_hidden_if_no_time_is_left_or_sqs_refuses(stack: RedriveStack) -> None:
    stack.put("dead", alert(1))
    queue = undelivered(stack, "dead")
    [letter] = queue.receive()
    queue.show([letter.receipt_handle], Deadline.after(-3))
    stack.sqs.failing["change_message_visibility"] = refusal("AccessDenied")
    queue.show([letter.receipt_handle], LATER)
    assert stack.visible("dead") == 0
