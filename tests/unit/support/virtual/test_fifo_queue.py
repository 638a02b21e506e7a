import math
import random

import pytest
from botocore.exceptions import ClientError

from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Received
from tests.support.virtual.world import World


class Desk:
    """A FIFO queue with its dead letters; each message has its body as its deduplication id."""

    def __init__(self, *, receives: int | None = None, searched: int = 120_000, locks_whole_group: bool = True) -> None:
        self.world = World()
        scheduler = self.world.scheduler
        self.dead = VirtualFifoQueue("dead.fifo", scheduler, retention=1000.0)
        self.queue = VirtualFifoQueue(
            "lanes.fifo",
            scheduler,
            retention=500.0,
            max_receives=receives,
            dead_letters=self.dead,
            searched=searched,
            locks_whole_group=locks_whole_group,
        )

    def send(self, *messages: str) -> list[str]:
        """Send messages such as "a1": the first letter is the group."""
        return [self.queue.send(one, group=one[0], deduplication_id=one) for one in messages]

    def receive(self, limit: int = 10) -> list[str]:
        return bodies(self.queue.receive(limit))


def bodies(received: list[Received]) -> list[str]:
    return [one.body for one in received]


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_messages_of_a_group_are_received_in_order() -> None:
    desk = Desk()
    desk.send(*(f"a{number}" for number in range(9)))
    assert desk.receive(4) == ["a0", "a1", "a2", "a3"]


def test_a_group_with_a_message_in_flight_hands_out_nothing() -> None:
    desk = Desk()
    desk.send("a1", "a2", "a3", "b1")
    first, second = desk.queue.receive(2)
    assert desk.receive() == ["b1"]
    desk.queue.delete(first.receipt_handle)
    assert desk.receive() == []
    desk.queue.delete(second.receipt_handle)
    assert desk.receive() == ["a3"]


def test_a_batch_takes_as_many_messages_of_the_oldest_group_as_possible_before_other_groups() -> None:
    desk = Desk()
    desk.send("a1", "b1", "a2", "c1", "b2", "a3")
    assert desk.receive(5) == ["a1", "a2", "a3", "b1", "b2"]
    assert desk.receive(5) == ["c1"]


def test_the_oldest_group_is_the_one_whose_first_visible_message_is_oldest() -> None:
    desk = Desk()
    desk.send("a1", "b1", "a2")
    [first] = desk.queue.receive(1)
    desk.queue.delete(first.receipt_handle)
    assert desk.receive() == ["b1", "a2"]


def test_a_batch_can_be_limited_to_one_group() -> None:
    desk = Desk()
    desk.send("a1", "b1", "a2")
    assert bodies(desk.queue.receive(one_group=True)) == ["a1", "a2"]
    assert bodies(desk.queue.receive(one_group=True)) == ["b1"]
    assert bodies(desk.queue.receive(one_group=True)) == []


def test_a_duplicate_in_the_same_group_adds_nothing_and_returns_the_id_of_the_first() -> None:
    desk = Desk()
    first = desk.queue.send("a", group="a", deduplication_id="1")
    assert desk.queue.send("other", group="a", deduplication_id="1") == first
    assert [message.body for message in desk.queue.messages()] == ["a"]


def test_the_same_deduplication_id_in_another_group_is_no_duplicate() -> None:
    desk = Desk()
    ids = {desk.queue.send("x", group=group, deduplication_id="1") for group in "ab"}
    assert len(ids) == len(desk.queue.messages()) == 2


def test_a_duplicate_is_recognised_for_five_minutes_also_after_the_first_was_deleted() -> None:
    desk = Desk()
    [first] = desk.send("a1")
    desk.queue.delete(desk.queue.receive()[0].receipt_handle)
    desk.world.run(until=299.9)
    assert desk.send("a1") == [first]
    assert desk.queue.messages() == []
    desk.world.run(until=300.0)
    assert desk.send("a1") != [first]
    assert len(desk.queue.messages()) == 1


def test_a_received_message_shows_its_group_deduplication_id_and_sequence_number() -> None:
    desk = Desk()
    desk.send("a1", "a2")
    first, second = (one.system_attributes for one in desk.queue.receive())
    assert (first["MessageGroupId"], first["MessageDeduplicationId"]) == ("a", "a1")
    assert len(first["SequenceNumber"]) == 20
    assert first["SequenceNumber"] < second["SequenceNumber"]
    assert first["ApproximateReceiveCount"] == "1"


def test_a_group_continues_from_its_lowest_sequence_number_when_the_visibility_timeout_is_over() -> None:
    desk = Desk()
    desk.send("a1", "a2", "a3")
    desk.queue.receive(2)
    assert desk.queue.next_visible() == 30.0
    desk.world.run(until=30.0)
    assert desk.receive() == ["a1", "a2", "a3"]


def test_a_head_that_is_visible_again_is_received_again_before_the_rest() -> None:
    desk = Desk()
    desk.send("a1", "a2", "b1")
    [head] = desk.queue.receive(1)
    desk.queue.change_visibility(head.receipt_handle, 0)
    assert desk.receive() == ["a1", "a2", "b1"]


def test_a_hidden_head_blocks_the_visible_messages_behind_it() -> None:
    desk = Desk()
    desk.send("a1", "a2", "a3")
    head, tail = desk.queue.receive(2)
    desk.queue.change_visibility(head.receipt_handle, 30)
    desk.queue.change_visibility(tail.receipt_handle, 0)
    desk.world.run(until=29.9)
    assert desk.receive() == []
    desk.world.run(until=30.0)
    assert desk.receive() == ["a1", "a2", "a3"]


@pytest.mark.parametrize(("locks_whole_group", "received"), [(True, []), (False, ["a1"])])
def test_a_hidden_tail_blocks_the_head_only_if_the_whole_group_is_locked(
    locks_whole_group: bool,  # noqa: FBT001 - a table
    received: list[str],
) -> None:
    desk = Desk(locks_whole_group=locks_whole_group)
    desk.send("a1", "a2", "a3")
    head, _ = desk.queue.receive(2)
    desk.queue.change_visibility(head.receipt_handle, 0)
    assert desk.receive() == received
    assert desk.queue.next_visible() == 30.0


def test_without_a_lock_on_the_whole_group_a_hidden_head_blocks_until_its_own_time_is_over() -> None:
    desk = Desk(locks_whole_group=False)
    desk.send("a1", "a2", "a3")
    head, _ = desk.queue.receive(2)
    desk.queue.change_visibility(head.receipt_handle, 20)
    assert desk.queue.next_visible() == 20.0
    desk.world.run(until=20.0)
    assert desk.receive() == ["a1"]


def test_a_receive_without_visibility_timeout_hands_out_each_message_once() -> None:
    desk = Desk()
    desk.send("a1", "b1")
    assert bodies(desk.queue.receive(visibility=0)) == ["a1", "b1"]
    assert desk.receive() == ["a1", "b1"]


def test_a_handle_that_is_expired_deletes_nothing_and_is_refused() -> None:
    desk = Desk()
    desk.send("a1")
    [stale] = desk.queue.receive()
    desk.world.run(until=30.0)
    for _ in range(2):
        with pytest.raises(ClientError) as error:
            desk.queue.delete(stale.receipt_handle)
        assert code(error) == "InvalidParameterValue"
        assert "expired" in str(error.value.response["Error"])
        desk.queue.receive()
    assert len(desk.queue.messages()) == 1


def test_a_deleted_message_can_be_deleted_again() -> None:
    desk = Desk()
    desk.send("a1")
    [received] = desk.queue.receive()
    for _ in range(2):
        desk.queue.delete(received.receipt_handle)
    assert desk.queue.messages() == []
    assert desk.queue.next_visible() == math.inf


def test_visibility_is_not_changed_of_a_message_that_is_visible_again() -> None:
    desk = Desk()
    desk.send("a1")
    [received] = desk.queue.receive()
    desk.world.run(until=30.0)
    with pytest.raises(ClientError) as error:
        desk.queue.change_visibility(received.receipt_handle, 60)
    assert code(error) == "MessageNotInflight"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"deduplication_id": "1"}, "MissingParameter"),
        ({"group": "a"}, "InvalidParameterValue"),
        ({"group": "a", "deduplication_id": "1", "delay": 1.0}, "InvalidParameterValue"),
    ],
)
def test_a_message_without_group_or_deduplication_id_or_with_a_delay_is_refused(
    request_: dict[str, object], expected: str
) -> None:
    desk = Desk()
    with pytest.raises(ClientError) as error:
        desk.queue.send("x", **request_)  # type: ignore[arg-type] # each has its own type
    assert code(error) == expected
    assert desk.queue.messages() == []


def test_a_message_that_was_received_too_often_goes_to_the_dead_letters_and_the_next_is_received() -> None:
    desk = Desk(receives=2)
    [message_id, _] = desk.send("a1", "a2")
    for number in range(2):
        desk.world.run(until=30.0 * number)
        assert desk.receive(1) == ["a1"]
    desk.world.run(until=60.0)
    assert desk.receive(1) == ["a2"]
    [dead] = desk.dead.messages()
    assert (dead.message_id, dead.group, dead.deduplication_id, dead.receives) == (message_id, "a", "a1", 2)


def test_dead_letters_of_a_group_stay_in_order_and_start_their_retention_again() -> None:
    desk = Desk(receives=1)
    desk.send("a1", "a2")
    desk.receive()
    desk.world.run(until=400.0)
    assert desk.receive() == []
    desk.world.run(until=1399.0)
    assert bodies(desk.dead.receive()) == ["a1", "a2"]
    desk.world.run(until=1400.0)
    assert desk.dead.messages() == []
    assert [message.body for message in desk.dead.expired] == ["a1", "a2"]


def test_a_dead_letter_can_be_sent_again_under_the_same_deduplication_id_only_after_five_minutes() -> None:
    desk = Desk(receives=1)
    [first] = desk.send("a1")
    desk.receive()
    desk.world.run(until=30.0)
    desk.receive()
    assert desk.send("a1") == [first]
    assert desk.queue.messages() == []


def test_the_dead_letters_of_a_fifo_queue_are_a_fifo_queue() -> None:
    desk = Desk(receives=1)
    desk.queue.dead_letters = VirtualQueue("dead", desk.world.scheduler)
    desk.send("a1")
    desk.receive()
    desk.world.run(until=30.0)
    with pytest.raises(AssertionError, match="FIFO"):
        desk.receive()


def test_a_message_that_is_too_old_is_lost_in_flight_or_not_and_its_group_goes_on() -> None:
    desk = Desk()
    desk.send("a1", "b1")
    desk.world.run(until=490.0)
    desk.queue.receive(1)
    desk.send("a2")
    desk.world.run(until=500.0)
    assert desk.receive() == ["a2"]
    assert [message.body for message in desk.queue.expired] == ["a1", "b1"]


def test_a_group_behind_the_searched_messages_is_not_seen_until_others_are_deleted() -> None:
    desk = Desk(searched=3)
    desk.send("a1", "a2", "a3", "b1", "c1")
    first, *_ = desk.queue.receive(2)
    assert desk.receive() == []
    desk.queue.delete(first.receipt_handle)
    assert desk.receive() == ["b1"]
    assert desk.receive() == []


def test_dead_letters_and_expired_messages_make_room_in_the_search() -> None:
    desk = Desk(searched=1, receives=1)
    desk.send("a1", "b1")
    assert desk.receive() == ["a1"]
    desk.world.run(until=30.0)
    assert desk.receive() == ["b1"]
    desk.send("c1")
    desk.world.run(until=510.0)
    assert desk.receive() == ["c1"]


def test_hooks_learn_of_messages_that_are_sent_or_deleted_and_of_changes() -> None:
    desk = Desk()
    seen: list[str] = []
    desk.queue.on_send.append(lambda message: seen.append(f"sent {message.message_id}"))
    desk.queue.on_delete.append(lambda message: seen.append(f"deleted {message.body}"))
    desk.queue.on_change.append(lambda: seen.append("changed"))
    desk.send("a1", "a1")
    desk.queue.delete(desk.queue.receive()[0].receipt_handle)
    assert [one for one in seen if one != "changed"] == ["sent lanes.fifo-1", "deleted a1"]
    assert seen.count("changed") == 3


def test_fifty_thousand_messages_in_one_group_do_not_slow_down_the_others() -> None:
    desk = Desk()
    for number in range(50_000):
        desk.send(f"a{number}")
    desk.send("b1", "c1")
    order: list[str] = []
    while batch := desk.queue.receive():
        order += bodies(batch)
        for one in batch:
            desk.queue.delete(one.receipt_handle)
    assert order == [f"a{number}" for number in range(50_000)] + ["b1", "c1"]


class Model:
    """The rules in their plainest form: every receive looks at all messages."""

    def __init__(self, visibility: float) -> None:
        self.visibility = visibility
        self.held: list[tuple[str, float]] = []

    def receive(self, now: float, limit: int) -> list[str]:
        locked = {body[0] for body, visible_at in self.held if visible_at > now}
        groups = dict.fromkeys(body[0] for body, _ in self.held if body[0] not in locked)
        found = [body for group in groups for body, _ in self.held if body[0] == group][:limit]
        self.held = [(body, now + self.visibility if body in found else then) for body, then in self.held]
        return found


@pytest.mark.parametrize("seed", range(30))
def test_any_order_of_calls_hands_out_the_same_messages_as_a_model_that_looks_at_all(seed: int) -> None:
    dice, desk, model = random.Random(seed), Desk(), Model(30.0)  # noqa: S311 - a test's dice
    handles: dict[str, str] = {}
    for number in range(300):
        now = desk.world.now
        match dice.randrange(5):
            case 0 | 1:
                body = f"{dice.choice('abcd')}{number}"
                desk.send(body)
                model.held.append((body, 0.0))
            case 2:
                limit = dice.randint(1, 10)
                received = desk.queue.receive(limit)
                assert bodies(received) == model.receive(now, limit)
                handles |= {one.body: one.receipt_handle for one in received}
            case 3 if hidden := [body for body, then in model.held if then > now]:
                body = dice.choice(hidden)
                model.held = [one for one in model.held if one[0] != body]
                if dice.random() < 0.5:
                    desk.queue.delete(handles[body])
                else:
                    seconds = dice.choice([0, 5, 60])
                    desk.queue.change_visibility(handles[body], seconds)
                    model.held.append((body, now + seconds))
                    model.held.sort(key=lambda one: int(one[0][1:]))
            case _:
                desk.world.run(until=now + dice.choice([0.5, 3.0]))
