"""A message that fills SQS's limit goes every way: lane, default lane, parking, redrive, dead letters."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from aws_events.sqs_attributes import SIZE_LIMIT
from tests.support.handlers.redrive import BY_HAND, FOR_REAL
from tests.support.virtual.alert_messages import TEAM, sns_envelope, webhook
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import REFUSED_MESSAGE
from tests.support.virtual.world import World

type Attributes = dict[str, dict[str, Any]]


def attributes(number: int, value: str | bytes) -> Attributes:
    """Return these attributes of the sender, as SendMessage takes them."""
    one = {"DataType": "String", "StringValue": value}
    if isinstance(value, bytes):
        one = {"DataType": "Binary", "BinaryValue": value}
    return {f"a{position}": one for position in range(number)}


def room_beside(sent: Attributes) -> int:
    """Return the bytes that SQS leaves for the body."""
    texts = (text for name, one in sent.items() for text in (name, *one.values()))
    return SIZE_LIMIT - sum(len(text if isinstance(text, bytes) else text.encode()) for text in texts)


def body_of(size: int, piece: str) -> str:
    size -= len(sns_envelope("", "sns-1", TEAM).encode())
    number, rest = divmod(size, len(piece.encode()))
    return sns_envelope("", "sns-1", TEAM).replace('"Message": "', f'"Message": "{piece * number}{"x" * rest}')


def facts_of(stack: SlackAlerts, message: Any, key: str) -> Mapping[str, Any]:  # noqa: ANN401 - a message of either virtual queue
    """Return our facts, from the attribute or from the table."""
    ours = message.attributes.get("holdfast")
    row = stack.rows.read(f"facts#{key}")
    text = ours["StringValue"] if ours else row.facts if row else "{}"
    facts: Mapping[str, Any] = json.loads(text)
    return facts


def originals(stack: SlackAlerts, queue: VirtualQueue, key: str = "message_id") -> list[tuple[str, Attributes, Any]]:
    """Return body, sender's attributes and facts of each message."""
    found = []
    for one in queue.messages():
        facts = facts_of(stack, one, getattr(one, key))
        nested: Attributes = {
            name: {field[0].upper() + field[1:]: value for field, value in own.items()}
            for name, own in facts.get("attributes", {}).items()
        }
        sent = {name: dict(own) for name, own in one.attributes.items() if name != "holdfast"}
        found.append((one.body, sent | nested, facts))
    return found


def play(body: str, sent: Attributes) -> None:
    with World() as world, silence():
        stack = SlackAlerts(world)
        redrive = RedriveFunction(stack)
        stack.slack.revoked.add(webhook(TEAM))
        stack.slack.refuse = lambda _: REFUSED_MESSAGE
        stack.alerts.send(body, sent)
        first = stack.alerts.messages()[0].message_id
        world.run(world.now + 60)

        [(parked, beside, facts)] = originals(stack, stack.parking)
        assert (parked == body, beside) == (True, sent)
        assert (facts["reason"], facts["hop"], facts["alert_id"]) == ("message_refused", 0, first)
        assert facts["note"] == f"meant for {TEAM}: refused"

        stack.slack.revoked.clear()
        stack.slack.refuse = lambda _: None
        stack.sender.mapping.disable()
        redrive.invoke(BY_HAND)
        world.run(world.now + 60)
        [(moved, beside, facts)] = originals(stack, stack.lanes, "deduplication_id")
        assert (moved == body, beside) == (True, sent)
        assert (facts["hop"], facts["alert_id"], facts["identity"]) == (1, first, "sns-1")

        [dead] = stack.lanes.messages()
        stack.lanes._move_to_dead_letters(dead)  # noqa: SLF001 - as after a thousand receives
        stack.lanes._settle(stack.lanes._groups[TEAM])  # noqa: SLF001 - see above
        redrive.invoke(FOR_REAL)
        world.run(world.now + 60)
        [(moved, beside, facts)] = originals(stack, stack.lanes, "deduplication_id")
        assert (moved == body, beside) == (True, sent)
        assert (facts["hop"], facts["alert_id"]) == (1, first)

        stack.sender.mapping.enable()
        world.run(world.now + 60)
        assert [post.destination for post in stack.slack.posts] == [webhook(TEAM)]
        assert [queue.messages() for queue in stack.sqs.queues.values()] == [[]] * 5


@pytest.mark.parametrize(
    ("sent", "piece"),
    [
        ({}, "x"),
        ({}, "é"),
        ({}, "😀"),
        (attributes(9, "v"), "x"),
        (attributes(10, "v"), "x"),
        (attributes(10, "é" * 100), "é"),
        (attributes(10, "😀" * 700), "😀"),
        (attributes(10, "v" * 60_000), "x"),
        (attributes(10, b"\0" * 60_000), "😀"),
    ],
    ids=["x", "é", "😀", "nine", "ten", "ten é", "ten 😀", "ten long", "ten binary"],
)
@pytest.mark.parametrize("less", [0, 1, 150, 250, 300, 350, 400])
def test_a_message_of_the_largest_size_is_moved_parked_and_redriven(sent: Attributes, piece: str, less: int) -> None:
    play(body_of(room_beside(sent) - less, piece), sent)
