"""Reading a queue takes nothing: each message is visible again, and others may receive it."""

import time
from dataclasses import replace

import pytest

from notices.models import Snapshot
from notices.watched_queue import HIDDEN, PAGES
from record_batch.receiving import QueueUnreadable
from tests.support.handlers.notices import NoticesStack
from tests.support.steps.scripted_store import refusal


def read(stack: NoticesStack, name: str = "parking", seconds: float = 8.0, pages: int = PAGES) -> Snapshot:
    queue = next(one for one in stack.steps.queues if one.name == name)
    return replace(queue, pages=pages).read(stack.time.deadline(seconds), stack.time.deadline(55))


def numbered(count: int) -> list[str]:
    return [f"message {number}" for number in range(count)]


def test_all_messages_are_seen_and_stay(stack: NoticesStack) -> None:
    sent = stack.queues.put("parking", *numbered(25))
    snapshot = read(stack)
    assert sorted(one.message_id for one in snapshot.seen) == sorted(sent)
    assert all(time.time() - one.sent_at < 60 for one in snapshot.seen)
    assert (snapshot.depth, snapshot.is_partial, stack.queues.visible("parking")) == (25, False, 25)


def test_a_depth_that_lags_behind_is_at_least_what_was_seen(stack: NoticesStack) -> None:
    stack.queues.put("parking", "message")
    none = {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "0"}
    stack.sqs.instead["get_queue_attributes"] = lambda **_: {"Attributes": none}
    assert read(stack).depth == 1


def test_making_messages_visible_is_repeated_if_sqs_throttles_it(stack: NoticesStack) -> None:
    stack.queues.put("parking", "message")

    def throttled_once(**_: object) -> object:
        stack.sqs.instead.clear()
        return {"Failed": [{"Id": "0", "Code": "ThrottlingException", "SenderFault": False}]}

    stack.sqs.instead["change_message_visibility_batch"] = throttled_once
    read(stack)
    assert stack.queues.visible("parking") == 1


def test_a_message_is_hidden_for_seconds_if_it_cannot_be_made_visible(stack: NoticesStack) -> None:
    stack.queues.put("parking", "message")
    refused = {"Failed": [{"Id": "0", "Code": "AccessDenied", "SenderFault": True}]}
    stack.sqs.instead["change_message_visibility_batch"] = lambda **_: refused
    assert len(read(stack).seen) == 1
    hidden = {one["VisibilityTimeout"] for one in stack.sqs.requests if "VisibilityTimeout" in one}
    assert (hidden, stack.queues.visible("parking")) == ({HIDDEN}, 0)
    stack.sqs.failing["change_message_visibility_batch"] = refusal("AccessDenied")
    stack.queues.put("dead", "message")
    assert len(read(stack, "dead").seen) == 1
    assert stack.queues.visible("dead") == 0


def test_a_snapshot_is_bounded(stack: NoticesStack) -> None:
    stack.queues.put("parking", *numbered(25))
    snapshot = read(stack, pages=2)
    assert (len(snapshot.seen), snapshot.depth, snapshot.is_exhausted) == (20, 25, False)
    assert stack.queues.visible("parking") == 25


def test_without_time_a_snapshot_is_partial(stack: NoticesStack) -> None:
    stack.queues.put("parking", *numbered(25))

    def slow(**request: object) -> object:
        stack.time.now += 5
        return stack.sqs.client.receive_message(**request | {"WaitTimeSeconds": 0})

    stack.sqs.instead["receive_message"] = slow
    snapshot = read(stack)
    assert (len(snapshot.seen), snapshot.depth, snapshot.is_exhausted) == (20, 25, False)
    assert stack.queues.visible("parking") == 25


def test_ten_messages_of_each_lane_of_a_fifo_queue_are_seen(stack: NoticesStack) -> None:
    for lane in ("team-a", "team-b"):
        stack.queues.put("lanes-dead.fifo", *numbered(15), lane=lane)
    snapshot = read(stack, "lanes-dead.fifo")
    assert (snapshot.depth, snapshot.is_exhausted, snapshot.is_partial) == (30, False, True)
    assert len(snapshot.seen) <= 20
    assert stack.queues.visible("lanes-dead.fifo") == 30


def test_only_a_long_poll_shows_that_no_message_is_left(stack: NoticesStack) -> None:
    stack.queues.put("parking", "one", "two")
    stack.sqs.client.receive_message(QueueUrl=stack.queues.urls["parking"], MaxNumberOfMessages=1)
    assert read(stack).is_exhausted
    assert stack.sqs.requests[-2]["WaitTimeSeconds"] == 1
    assert not read(stack, seconds=0.9).is_exhausted


@pytest.mark.parametrize(
    ("operation", "code", "calls"),
    [
        ("get_queue_attributes", "AccessDenied", 1),
        ("receive_message", "AccessDenied", 1),
        ("receive_message", "ThrottlingException", 4),
    ],
)
def test_a_queue_that_does_not_answer_is_unreadable(stack: NoticesStack, operation: str, code: str, calls: int) -> None:
    stack.sqs.failing[operation] = refusal(code)
    with pytest.raises(QueueUnreadable, match=f"^{code}$"):
        read(stack)
    assert stack.sqs.calls[operation] == calls
