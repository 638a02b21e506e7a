"""Rules of a FIFO SQS queue: message groups, deduplication, and dead letters."""

import random

import pytest

from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.world import World
from tests.unit.support.virtual.queue_script import Script

RULES = {
    "a group with a message in flight is blocked": (
        "send a1 a2 a3 b1; receive_up_to 2 a1 a2; receive b1; delete a1; receive; delete a2; receive a3"
    ),
    "a batch takes whole groups, the oldest first": (
        "send a1 b1 a2 c1 b2 a3; receive_up_to 5 a1 a2 a3 b1 b2; receive c1"
    ),
    "the age of a group is that of its first message": ("send a1 b1 a2; receive_up_to 1 a1; delete a1; receive b1 a2"),
    "a group continues at its first message": "send a1 a2 a3; receive_up_to 2 a1 a2; at 30; receive a1 a2 a3",
    "a hidden head blocks the messages behind it": (
        "send a1 a2 a3; receive_up_to 2 a1 a2; hide a1 20; hide a2 0; at 19.9; receive; at 20; receive a1 a2 a3"
    ),
    "a hidden message blocks its whole group": (
        "send a1 a2 a3; receive_up_to 2 a1 a2; hide a1 0; receive; visible_at 30"
    ),
    "an expired handle deletes nothing": (
        "send a1; receive a1; at 30; delete a1 = InvalidParameterValue; hide a1 60 = MessageNotInflight;"
        "receive a1; delete_by_first_handle a1 = InvalidParameterValue; holds a1"
    ),
    "a deleted message can be deleted again": "send a1; receive a1; delete a1; delete a1; holds; visible_at inf",
    "a duplicate is recognised for five minutes, also after a delete": (
        "send a1; receive a1; delete a1; at 299.9; send a1; holds; at 300; send a1; holds a1"
    ),
    "after too many receives a message is dead and the next is received": (
        "send a1 a2; receive_up_to 1 a1; at 30; receive_up_to 1 a1; at 60; receive_up_to 1 a2; dead a1"
    ),
    "dead letters keep their order and begin a new retention": (
        "send a1 a2; receive a1 a2; at 30; receive a1 a2; at 400; receive; at 1399; dead a1 a2; at 1400; dead"
    ),
    "a dead letter is a duplicate for five minutes": (
        "send a1; receive a1; at 30; receive a1; at 60; receive; send a1; holds"
    ),
    "an expired message is lost and unblocks its group": (
        "send a1 b1; at 490; receive_up_to 1 a1; send a2; at 500; receive a2; expired a1 b1"
    ),
}


def queue(world: World) -> VirtualFifoQueue:
    dead = VirtualFifoQueue("dead.fifo", world.scheduler, retention=1000.0)
    return VirtualFifoQueue("lanes.fifo", world.scheduler, 30.0, 500.0, 2, dead)


@pytest.mark.parametrize("script", RULES.values(), ids=RULES)
def test_a_fifo_queue_follows_the_rule(script: str) -> None:
    world = World()
    Script(queue(world), world).play(script)


def test_a_duplicate_has_the_id_of_the_first_message_of_its_group() -> None:
    lanes = queue(World())
    first = lanes.send("a", group="a", deduplication_id="1")
    assert lanes.send("other", group="a", deduplication_id="1") == first
    assert lanes.send("a", group="b", deduplication_id="1") != first
    assert [(one.body, one.group) for one in lanes.messages()] == [("a", "a"), ("a", "b")]


def test_a_batch_can_be_limited_to_one_group() -> None:
    world = World()
    lanes = queue(world)
    Script(lanes, world).send("a1", "b1", "a2")
    batches = [[one.body for one in lanes.receive(one_group=True)] for _ in range(3)]
    assert batches == [["a1", "a2"], ["b1"], []]


def test_a_dead_letter_keeps_its_id_its_group_and_its_receives() -> None:
    world = World()
    lanes = queue(world)
    message_id = lanes.send("a1", group="a", deduplication_id="1")
    Script(lanes, world).play("receive a1; at 30; receive a1; at 60; receive")
    assert lanes.dead_letters is not None
    [dead] = lanes.dead_letters.messages()
    assert (dead.message_id, dead.group, dead.deduplication_id, dead.receives) == (message_id, "a", "1", 2)


class Model:
    """The rules in their simplest form: every receive looks at all messages."""

    def __init__(self) -> None:
        self.held: list[tuple[str, float]] = []
        """Each body, and the instant from which it is visible."""

    def receive(self, now: float, limit: int) -> list[str]:
        locked = {body[0] for body, visible_at in self.held if visible_at > now}
        groups = dict.fromkeys(body[0] for body, _ in self.held if body[0] not in locked)
        found = [body for group in groups for body, _ in self.held if body[0] == group][:limit]
        self.held = [(body, now + 30.0 if body in found else visible_at) for body, visible_at in self.held]
        return found

    def hide(self, body: str, until: float) -> None:
        self.held = [(one, until if one == body else visible_at) for one, visible_at in self.held]

    def delete(self, body: str) -> None:
        self.held = [one for one in self.held if one[0] != body]


@pytest.mark.parametrize("seed", range(30))
def test_any_order_of_calls_receives_the_same_messages_as_the_model(seed: int) -> None:
    rng, world, model = random.Random(seed), World(), Model()  # noqa: S311 - a test
    script = Script(VirtualFifoQueue("lanes.fifo", world.scheduler, retention=500.0), world)
    for number in range(300):
        hidden = [body for body, visible_at in model.held if visible_at > world.now]
        match rng.randrange(5):
            case 0 | 1:
                body = f"{rng.choice('abcd')}{number}"
                script.send(body)
                model.held.append((body, 0.0))
            case 2:
                limit = rng.randint(1, 10)
                script.receive(*model.receive(world.now, limit), limit=limit)
            case 3 if hidden and rng.random() < 0.5:
                body = rng.choice(hidden)
                script.delete(body)
                model.delete(body)
            case 3 if hidden:
                body, seconds = rng.choice(hidden), rng.choice([0, 5, 60])
                script.hide(body, str(seconds))
                model.hide(body, world.now + seconds)
            case _:
                world.run(until=world.now + rng.choice([0.5, 3.0]))
