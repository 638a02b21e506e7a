"""The messages of lanes: an alert that was routed, and one that moves to the end of a lane."""

import json
from dataclasses import dataclass
from hashlib import sha256

from aws_events.message_attributes import ATTRIBUTE, IDENTITY_LIMIT, Attributes, read_facts, with_facts
from aws_events.record import Record
from aws_events.sqs_attributes import SqsAttribute, message_size

SELF_TESTS = "holdfast.self-tests"
"""The lane of heartbeats and test alarms."""
UNROUTED: dict[str, str | bool | float] = {
    "mention": "",
    "follow": "",
    "remind_after": 0.0,
    "account_name": "",
    "note": "",
    "as_text": False,
}
"""Replaces the facts of an earlier routing, and those that a publisher has made up."""


@dataclass(frozen=True, slots=True)
class LaneMessage:
    """A message for the end of a lane."""

    lane: str
    body: str
    attributes: Attributes
    deduplication_id: str
    """SQS drops another message with this id in the same lane for five minutes."""

    @property
    def size(self) -> int:
        """Bytes."""
        return message_size(self.body, self.attributes.sent)


def routed_message(record: Record, lane: str, *, identity: str, **facts: str | bool | float) -> LaneMessage:
    """Return the first message of an alert in a lane; SQS drops a second delivery of the same alert."""
    hop = read_facts(record).hop
    if len(identity) > IDENTITY_LIMIT:
        identity = _digest(identity)
    attributes = with_facts(record, identity=identity, **UNROUTED | facts)
    return LaneMessage(lane, record.body, attributes, _digest(identity, lane, str(hop)))


def own_message(lane: str, title: str, said: str, *, identity: str) -> LaneMessage:
    """Return a message of our own, in the form of a custom notification."""
    content = {"textType": "client-markdown", "title": title, "description": said}
    body = json.dumps({"version": "1.0", "source": "custom", "content": content})
    facts = SqsAttribute(DataType="String", StringValue=json.dumps({"identity": identity}))
    return LaneMessage(lane, body, Attributes({ATTRIBUTE: facts}), _digest(identity, lane))


def moved_message(record: Record, lane: str, **facts: object) -> LaneMessage:
    """Return the message that replaces this record, with these facts changed and a new deduplication id."""
    return LaneMessage(lane, record.body, with_facts(record, **facts), _digest(record.message_id, lane))


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()
