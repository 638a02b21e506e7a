"""What the steps hand to each other."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from aws_events.envelope import Record
from retry_policies import Classification

type Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


class Kind(Enum):
    """What family of events it came from; routes match it."""

    ALARM = "alarm"
    EVENT = "event"
    """JSON that is no alarm: EventBridge's, or anybody's."""
    TEXT = "text"


class Status(Enum):
    """How bad it is, whatever the source calls it."""

    FIRING = "FIRING"
    RESOLVED = "RESOLVED"
    NO_DATA = "NO_DATA"
    NOTICE = "NOTICE"
    """A message that has no state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """The parsed, source-independent fact. Every text in it comes from outside, but `console`."""

    record: Record
    kind: Kind
    status: Status
    label: str
    """The state in the source's own word."""
    title: str
    reason: str = ""
    description: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """(name, value) pairs, most telling first."""
    severity: str = ""
    """In the source's own word, where it has one."""
    account: str = ""
    region: str = ""
    identity: str = ""
    """The same wherever it comes from and however often: what a second delivery of it is known by."""
    occurred_at: datetime | None = None
    console: str = ""
    """A link that we built."""


@dataclass(frozen=True, slots=True)
class Routed:
    """A notification with what its route adds to it."""

    notification: Notification
    mention: str = ""
    """Slack's own markup, `<!here>`: from the routes document, never from a message."""


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """Slack's own shape: `text` is the push notification, `blocks` what is seen in the channel."""

    text: str
    blocks: tuple[dict[str, Json], ...] = ()

    def noted(self, note: str) -> "SlackMessage":
        """This message under a line of ours (mrkdwn, no text from outside)."""
        line: dict[str, Json] = {"type": "context", "elements": [{"type": "mrkdwn", "text": note, "verbatim": True}]}
        return SlackMessage(f"{note}\n{self.text}", (line, *self.blocks) if self.blocks else ())


@dataclass(frozen=True, slots=True)
class Alert:
    """A notification on its way to people: as blocks, and as the plain text for when Slack refuses those."""

    record: Record
    message: SlackMessage
    plain: SlackMessage
    identity: str
    hop: int = 0
    """How often it was redriven."""

    def noted(self, note: str) -> "Alert":
        """This alert, both its messages under a line of ours."""
        return replace(self, message=self.message.noted(note), plain=self.plain.noted(note))


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook's URL is its password: it stays out of repr, logs and errors."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BotToken:
    """A bot's token, and the channel (by id) it posts to."""

    token: str = field(repr=False)
    channel: str


type Credentials = Webhook | BotToken
"""How a destination is reached."""


@dataclass(frozen=True, slots=True)
class Access:
    """A destination's credentials, and the version of the secret that they were read from."""

    credentials: Credentials
    version: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A destination that takes no message at all."""

    why: str
    """In a word, for people: `refused`, `no secret`."""
    code: str


class CredentialsMissing(Exception):  # noqa: N818 - the name says what it is
    """A destination has no secret, or one that cannot be used; the message names the rule and never the value."""


class CredentialsUnavailable(Exception):  # noqa: N818 - the name says what it is
    """The secret store did not answer, or not us; the message names its error code."""


class SlackUnreachable(Exception):  # noqa: N818 - the name says what it is
    """No answer from Slack; `sent` tells whether it may have the message."""

    def __init__(self, *, sent: bool, is_untrusted: bool = False) -> None:
        super().__init__("no answer" if sent else "not connected")
        self.sent = sent
        self.is_untrusted = is_untrusted
        """The certificate is not one to trust."""


class Refused(Enum):
    """What Slack's answer refuses."""

    FOR_NOW = "for now"
    """Nothing: it passes."""
    MESSAGE = "message"
    DESTINATION = "destination"
    UNEXPECTED = "unexpected"
    """Success by its status, but not by its body: something else than Slack may have answered."""


class SlackRefused(Exception):  # noqa: N818 - the name says what it is
    """Slack answered, but not with success."""

    def __init__(self, classification: Classification, refused: Refused) -> None:
        super().__init__(classification.code)
        self.classification = classification
        self.refused = refused
