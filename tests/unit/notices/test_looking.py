"""A look takes nothing: each message is visible again, and may be received by others."""

import time

import pytest

from notices.looking import HIDDEN, PAGES, Queue, QueueUnreadable
from notices.models import Look
from tests.support.handlers.notices import Noticing
from tests.support.steps.scripted_store import refusal


def queue(stack: Noticing, name: str) -> Queue:
    return next(one for one in stack.steps.queues if one.name == name)


def look(stack: Noticing, name: str, seconds: float = 8.0) -> Look:
    return queue(stack, name).look(stack.time.deadline(seconds), stack.time.deadline(55))


def test_all_of_a_queue_is_seen_and_stays(stack: Noticing) -> None:
    sent = stack.put("parking", *(f"message {number}" for number in range(25)))
    seen = look(stack, "parking")
    assert sorted(one.message_id for one in seen.seen) == sorted(sent)
    assert (seen.depth, seen.is_partial) == (25, False)
    assert stack.visible("parking") == 25


def test_a_look_says_when_a_message_was_sent(stack: Noticing) -> None:
    stack.put("parking", "message")
    assert [time.time() - one.sent_at < 60 for one in look(stack, "parking").seen] == [True]


def test_a_queue_holds_what_was_seen_though_its_depth_lags_behind(stack: Noticing) -> None:
    stack.put("parking", "message")
    none = {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "0"}
    stack.sqs.instead["get_queue_attributes"] = lambda **_: {"Attributes": none}
    assert look(stack, "parking").depth == 1


def test_showing_is_repeated_where_sqs_throttles_it(stack: Noticing) -> None:
    stack.put("parking", "message")

    def throttled_once(**_: object) -> object:
        stack.sqs.instead.clear()
        return {"Failed": [{"Id": "0", "Code": "ThrottlingException", "SenderFault": False}]}

    stack.sqs.instead["change_message_visibility_batch"] = throttled_once
    look(stack, "parking")
    assert stack.visible("parking") == 1


def test_a_message_is_hidden_for_seconds_only_if_showing_it_fails(stack: Noticing) -> None:
    stack.put("parking", "message")
    stack.fail(stack.sqs, "change_message_visibility_batch", refusal("AccessDenied"))
    assert len(look(stack, "parking").seen) == 1
    assert {request["VisibilityTimeout"] for request in stack.sqs.requests if "VisibilityTimeout" in request} == {
        HIDDEN
    }
    assert stack.visible("parking") == 0


def test_a_look_is_bounded(stack: Noticing) -> None:
    stack.put("parking", *(f"message {number}" for number in range(PAGES * 10 + 5)))
    seen = look(stack, "parking")
    assert (len(seen.seen), seen.depth, seen.is_exhausted) == (PAGES * 10, PAGES * 10 + 5, False)
    assert stack.visible("parking") == seen.depth


def test_without_time_a_look_ends_and_says_that_it_saw_not_all(stack: Noticing) -> None:
    stack.put("parking", *(f"message {number}" for number in range(25)))
    receive = stack.sqs.client.receive_message

    def slowly(**request: object) -> object:
        stack.time.now += 5
        return receive(**request | {"WaitTimeSeconds": 0})

    stack.sqs.instead["receive_message"] = slowly
    seen = look(stack, "parking")
    assert (len(seen.seen), seen.depth, seen.is_exhausted) == (20, 25, False)
    assert stack.visible("parking") == 25


def test_on_a_fifo_queue_ten_of_each_lane_are_seen(stack: Noticing) -> None:
    for lane in ("team-a", "team-b"):
        stack.put("lanes-dead.fifo", *(f"message {number}" for number in range(15)), lane=lane)
    seen = look(stack, "lanes-dead.fifo")
    assert (seen.depth, seen.is_exhausted, seen.is_partial) == (30, False, True)
    assert len(seen.seen) <= 20
    assert stack.visible("lanes-dead.fifo") == 30


def test_only_a_long_poll_says_that_nothing_is_left(stack: Noticing) -> None:
    stack.put("parking", "one", "two")
    stack.sqs.client.receive_message(QueueUrl=stack.urls["parking"], MaxNumberOfMessages=1)
    assert look(stack, "parking").is_exhausted
    assert stack.sqs.requests[-2]["WaitTimeSeconds"] == 1
    assert not look(stack, "parking", seconds=0.9).is_exhausted


@pytest.mark.parametrize("operation", ["get_queue_attributes", "receive_message"])
def test_a_queue_that_denies_access_is_unreadable(stack: Noticing, operation: str) -> None:
    stack.fail(stack.sqs, operation, refusal("AccessDenied"))
    with pytest.raises(QueueUnreadable, match=r"^AccessDenied$"):
        look(stack, "parking")


def test_a_throttled_receive_is_repeated(stack: Noticing) -> None:
    stack.put("parking", "message")
    stack.fail(stack.sqs, "receive_message", refusal("ThrottlingException"))
    with pytest.raises(QueueUnreadable):
        look(stack, "parking")
    assert stack.sqs.calls["receive_message"] == 4
