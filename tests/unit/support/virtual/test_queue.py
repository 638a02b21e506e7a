import math

import pytest
from botocore.exceptions import ClientError

from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.world import World


def queues(world: World, receives: int = 3) -> tuple[VirtualQueue, VirtualQueue]:
    dead = VirtualQueue("dead", world.scheduler, retention=1000.0)
    return VirtualQueue("alerts", world.scheduler, 30.0, 500.0, receives, dead), dead


def bodies(queue: VirtualQueue) -> list[str]:
    return [one.body for one in queue.receive()]


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_received_message_is_hidden_for_the_visibility_timeout() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    assert bodies(queue) == ["a"]
    world.run(until=29.9)
    assert bodies(queue) == []
    world.run(until=30.0)
    assert bodies(queue) == ["a"]


def test_a_batch_holds_ten_at_most() -> None:
    queue, _ = queues(World())
    for number in range(12):
        queue.send(str(number))
    assert [len(queue.receive()), len(queue.receive())] == [10, 2]


def test_a_delayed_message_is_not_seen_before_its_time() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a", delay=15.0)
    assert bodies(queue) == []
    world.run(until=15.0)
    assert bodies(queue) == ["a"]


def test_each_receive_counts_and_has_a_handle_of_its_own() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    [first] = queue.receive()
    world.run(until=30.0)
    [second] = queue.receive()
    assert first.message_id == second.message_id
    assert first.receipt_handle != second.receipt_handle
    assert [one.system_attributes["ApproximateReceiveCount"] for one in (first, second)] == ["1", "2"]
    for attribute in ("SentTimestamp", "ApproximateFirstReceiveTimestamp"):
        assert first.system_attributes[attribute] == second.system_attributes[attribute] == "1769860800000"


def test_a_changed_visibility_counts_from_the_call_and_is_not_remembered() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    [received] = queue.receive()
    world.run(until=20.0)
    queue.change_visibility(received.receipt_handle, 100)
    world.run(until=119.0)
    assert bodies(queue) == []
    world.run(until=120.0)
    assert bodies(queue) == ["a"]
    assert queue.next_visible() == 150.0


def test_a_visibility_of_zero_shows_it_at_once() -> None:
    queue, _ = queues(World())
    queue.send("a")
    queue.change_visibility(queue.receive()[0].receipt_handle, 0)
    assert bodies(queue) == ["a"]


def test_it_is_hidden_for_twelve_hours_from_the_receive_at_most() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    [received] = queue.receive()
    queue.change_visibility(received.receipt_handle, 43_200)
    world.run(until=1.0)
    for seconds in (43_200, 43_201, -1):
        with pytest.raises(ClientError) as error:
            queue.change_visibility(received.receipt_handle, seconds)
        assert code(error) == "InvalidParameterValue"
    queue.change_visibility(received.receipt_handle, 43_199)


def test_visibility_is_not_changed_of_what_is_visible_again() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    [received] = queue.receive()
    world.run(until=30.0)
    with pytest.raises(ClientError) as error:
        queue.change_visibility(received.receipt_handle, 60)
    assert code(error) == "MessageNotInflight"


def test_a_stale_handle_changes_and_deletes_nothing() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    [stale] = queue.receive()
    world.run(until=30.0)
    [fresh] = queue.receive()
    queue.delete(stale.receipt_handle)
    with pytest.raises(ClientError) as error:
        queue.change_visibility(stale.receipt_handle, 0)
    assert code(error) == "InvalidParameterValue"
    assert len(queue.messages()) == 1
    assert queue.next_visible() == 60.0
    queue.delete(fresh.receipt_handle)
    queue.delete(fresh.receipt_handle)
    assert queue.messages() == []
    assert queue.next_visible() == math.inf


def test_the_latest_handle_deletes_also_what_is_visible_again() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    [received] = queue.receive()
    world.run(until=40.0)
    queue.delete(received.receipt_handle)
    assert bodies(queue) == []


def test_a_handle_that_is_none_is_refused() -> None:
    queue, _ = queues(World())
    with pytest.raises(ClientError) as error:
        queue.delete("r1")
    assert code(error) == "ReceiptHandleIsInvalid"


def test_what_was_received_too_often_goes_to_the_dead_letters_at_the_next_attempt() -> None:
    world = World()
    queue, dead = queues(world, receives=3)
    message_id = queue.send("a")
    for number in range(3):
        world.run(until=30.0 * number)
        assert bodies(queue) == ["a"]
    world.run(until=90.0)
    assert dead.messages() == []  # not before somebody asks
    assert bodies(queue) == []
    [message] = dead.messages()
    assert (message.message_id, message.body) == (message_id, "a")
    assert queue.messages() == []


def test_dead_letters_do_not_use_up_the_batch() -> None:
    world = World()
    queue, dead = queues(world, receives=1)
    for number in range(5):
        queue.send(str(number))
    queue.receive()
    world.run(until=30.0)
    for number in range(5, 15):
        queue.send(str(number))
    assert len(queue.receive()) == 10
    assert len(dead.messages()) == 5


def test_a_message_is_forgotten_when_its_time_is_over() -> None:
    world = World()
    queue, _ = queues(world)
    queue.send("a")
    world.run(until=499.0)
    assert len(queue.messages()) == 1
    world.run(until=500.0)
    assert bodies(queue) == []
    assert [message.body for message in queue.expired] == ["a"]


def test_a_dead_letter_keeps_the_age_it_had() -> None:
    world = World()
    queue, dead = queues(world, receives=1)
    queue.send("a")
    queue.receive()
    world.run(until=400.0)
    queue.receive()
    world.run(until=999.0)
    assert len(dead.messages()) == 1
    world.run(until=1000.0)
    assert dead.messages() == []
    assert [message.body for message in dead.expired] == ["a"]


def test_a_message_may_be_handed_out_twice_at_once_under_one_id() -> None:
    queue, _ = queues(World())
    queue.twins.add(1)
    message_id = queue.send("a")
    first, second = queue.receive()
    assert first.message_id == second.message_id == message_id
    assert first.receipt_handle != second.receipt_handle
    queue.delete(first.receipt_handle)
    assert len(queue.messages()) == 1
    queue.delete(second.receipt_handle)
    assert queue.messages() == []


def test_a_twin_can_come_in_the_next_batch() -> None:
    queue, _ = queues(World())
    queue.twins.add(1)
    queue.send("a")
    assert [len(queue.receive(limit=1)) for _ in range(3)] == [1, 1, 0]
