"""The message attribute `holdfast`, in which a message carries our facts from queue to queue."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypeIs

from aws_events.record import Attribute, Record
from aws_events.sqs_attributes import SIZE_LIMIT, SQS_ATTRIBUTES, SqsAttribute, is_sendable, message_size, to_sqs
from aws_events.timestamps import is_timestamp

ATTRIBUTE = "holdfast"
"""One attribute for all our facts: SQS allows ten."""
MOST_HOPS = 1_000_000
"""A higher number is invalid."""
MENTION = re.compile(r"<!(?:here|channel|everyone)>|<@[UW][A-Z0-9]{2,20}>|<!subteam\^S[A-Z0-9]{2,20}>")
"""A route's mention in Slack's markup."""
ACCOUNT_NAME = re.compile(r"[A-Za-z0-9._ -]{1,64}")
FOLLOWS = frozenset({"update", "thread", "off"})
"""How a route follows an alarm in Slack."""
LONGEST_REMINDER = 168
"""Hours."""
ID_LIMIT, IDENTITY_LIMIT, NOTE_LIMIT = 100, 500, 300
"""Characters of facts that come from outside. A longer one would need more room than Overflow expects."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The facts beside a message."""

    alert_id: str
    """The alert's first SQS id; each message that is sent on gets a new one."""
    hop: int
    """Redrives from the parking queue, and moves to the end of a lane. A parked message already counts its next hop."""
    sent_at: float | None = None
    """The instant of first publication, in seconds since the epoch; each message that is sent on gets a new time."""
    identity: str = ""
    """The alert's identity, as intake parsed it; "" before intake."""
    mention: str = ""
    """The route's mention in Slack's markup."""
    follow: str = ""
    """One of FOLLOWS; "" if the route has none."""
    remind_after: float = 0.0
    """Hours in ALARM after which people are reminded; 0 for never."""
    account_name: str = ""
    """The name of the account in the routes document."""
    note: str = ""
    """A line of ours above the message."""
    as_text: bool = False
    """Whether parsing failed, so that the message is shown as text."""
    renewed_at: float | None = None
    """The instant of the last redrive from parking, or of the end of a mute; the alert's age counts from then."""


def raw_facts(record: Record) -> Mapping[str, object]:
    """Return the facts in our attribute; {} if they cannot be read."""
    try:
        found = json.loads(record.attributes.get(ATTRIBUTE, {}).get("stringValue", "{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_facts(record: Record) -> MessageFacts:
    """Return the facts that the record carries; unreadable ones count as missing."""
    facts = raw_facts(record)
    alert_id, hop, sent_at, renewed_at = (facts.get(name) for name in ("alert_id", "hop", "sent_at", "renewed_at"))
    valid_hop = hop if isinstance(hop, int) and not isinstance(hop, bool) and 0 <= hop < MOST_HOPS else 0
    return MessageFacts(
        alert_id=alert_id if isinstance(alert_id, str) and 0 < len(alert_id) <= ID_LIMIT else record.message_id,
        hop=valid_hop + ("reason" in facts),
        sent_at=min(sent_at, record.published_at or sent_at) if is_timestamp(sent_at) else record.published_at,
        identity=identity if len(identity := _text(facts, "identity")) <= IDENTITY_LIMIT else "",
        account_name=account_name if ACCOUNT_NAME.fullmatch(account_name := _text(facts, "account_name")) else "",
        mention=mention if MENTION.fullmatch(mention := _text(facts, "mention")) else "",
        follow=follow if (follow := _text(facts, "follow")) in FOLLOWS else "",
        remind_after=hours if is_hours(hours := facts.get("remind_after")) else 0.0,
        note=_text(facts, "note")[:NOTE_LIMIT],
        as_text=facts.get("as_text") is True,
        renewed_at=renewed_at if is_timestamp(renewed_at) else None,
    )


def is_hours(value: object) -> TypeIs[float]:
    """Return whether a value is a time after which people are reminded."""
    return isinstance(value, float) and 0.0 < value <= LONGEST_REMINDER


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes of a message that is sent on."""

    sent: dict[str, SqsAttribute]
    overflow: str = ""
    """Our facts, if the message has no room for them; Overflow keeps them."""


def with_facts(record: Record, **facts: object) -> Attributes:
    """Return the record's own attributes and ours with these facts.

    SQS allows ten attributes. If the record has ten of its own, they move into ours. If the message has no room for
    that, they stay and the facts overflow.
    """
    own = {name: one for name, one in record.attributes.items() if name != ATTRIBUTE}
    others = _nested(record) | own
    ours = asdict(read_facts(record)) | facts
    is_full = len(others) >= SQS_ATTRIBUTES
    sent = {} if is_full else _to_sqs(others)
    text = json.dumps(ours | {"attributes": others} if is_full else ours)
    whole = sent | {ATTRIBUTE: SqsAttribute(DataType="String", StringValue=text)}
    if message_size(record.body, whole) <= SIZE_LIMIT:
        return Attributes(whole)
    # SQS refuses more than ten. There are more only if a forged attribute nests some beside the record's own.
    return Attributes(_to_sqs(others if len(others) <= SQS_ATTRIBUTES else own), json.dumps(ours))


def _text(facts: Mapping[str, object], name: str) -> str:
    found = facts.get(name)
    return found if isinstance(found, str) else ""


def _nested(record: Record) -> dict[str, Attribute]:
    """Return the record's own attributes that were moved into ours."""
    nested = raw_facts(record).get("attributes")
    pairs = nested.items() if isinstance(nested, dict) else ()
    return {name: one for name, one in pairs if isinstance(one, dict) and is_sendable(name, one)}


def _to_sqs(attributes: Mapping[str, Attribute]) -> dict[str, SqsAttribute]:
    return {name: to_sqs(attribute) for name, attribute in attributes.items()}
