"""The facts that the steps of slack_alerts pass on."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

from aws_events.strict_json import Json
from notifications.models import Notification
from retry_policies import Classification

DOUBT = "possible duplicate: an earlier post of this alert may have arrived"
"""The line above a post if an earlier post of the alert may have arrived."""


def mrkdwn(text: str) -> dict[str, Json]:
    """Return a text object in which Slack adds no links of its own."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


@dataclass(frozen=True, slots=True)
class Reply:
    """The thread of a message. Only a bot token can reply, and only in its own channel."""

    channel: str
    ts: str
    """Slack's id of the first message of the thread."""
    is_broadcast: bool
    """Whether the channel shows the reply too."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where Slack put a message."""

    channel: str
    ts: str
    """Slack's id of the message in its channel."""
    thread_ts: str = ""
    """The first message of its thread; "" if it is no reply. Below a deleted message Slack makes none."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The new content of a message that was posted with a bot token."""

    channel: str
    ts: str
    content: dict[str, Json]


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """`text` is the push notification; the channel shows `blocks`, then `details` beside a bar of this colour."""

    text: str
    blocks: tuple[dict[str, Json], ...] = ()
    details: tuple[dict[str, Json], ...] = ()
    colour: str = ""
    """#rrggbb."""

    mention: str = ""
    """The markup of its mentions: the text begins with it, and one block has nothing else."""
    reply: Reply | None = None
    """None for a message outside a thread."""

    @property
    def content(self) -> dict[str, Json]:
        """The fields of a webhook or of chat.postMessage."""
        content: dict[str, Json] = {"text": self.text}
        if self.blocks:
            content["blocks"] = list(self.blocks)
        if self.details:
            content["attachments"] = [{"color": self.colour, "blocks": list(self.details)}]
        return content

    def noted(self, note: str) -> "SlackMessage":
        """Return this message below our own line of mrkdwn, without text from outside."""
        line: dict[str, Json] = {"type": "context", "elements": [mrkdwn(note)]}
        return replace(self, text=f"{note}\n{self.text}", blocks=(line, *self.blocks) if self.blocks else ())

    def without_mention(self, note: str) -> "SlackMessage":
        """Return the message without its mentions, below a note that says so."""
        blocks = tuple(block for block in self.blocks if block.get("text") != mrkdwn(self.mention))
        text = self.text.replace(f"{self.mention} ", "", 1)
        return replace(self, text=text, blocks=blocks, mention="").noted(note)


@dataclass(frozen=True, slots=True)
class Alert:
    """A notification with the facts that its route and its lanes added."""

    notification: Notification
    mention: str = ""
    """Slack's markup such as `<!here>`, from the routes document only."""
    note: str = ""
    """Our own line above the message."""
    is_doubtful: bool = False
    """Whether an earlier post may have arrived. A digest shows this."""
    is_followed: bool = False
    """Whether its route lets the changes of an alarm be replies in one thread."""
    remind_after: float = 0.0
    """Seconds in ALARM after which people are reminded; 0 for never."""
    is_updated: bool = False
    """Whether the first message of the thread is edited to the present state."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook, whose URL is its password: it stays out of repr, logs and errors."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BotToken:
    """A bot's token, and the id of its channel."""

    token: str = field(repr=False)
    channel: str


type Credentials = Webhook | BotToken
type Post = Callable[[Credentials, SlackMessage, float], Place | None]
"""(credentials, message, timeout) -> place, None if Slack does not name it; raises SlackRefused or SlackUnreachable."""


@dataclass(frozen=True, slots=True)
class Access:
    """A destination's credentials and the version of their secret."""

    credentials: Credentials
    version: str


@dataclass(frozen=True, slots=True)
class ClosedDestination:
    """A destination that accepts no message."""

    why: str
    """`refused` or `no secret`."""
    code: str
    """Slack's code, or our own."""


class CredentialsMissing(Exception):
    """A destination has no usable secret; the message names the rule and never the value."""


class CredentialsUnavailable(Exception):
    """The secret store did not answer or denied access; the message names its error code."""

    def __init__(self, problem: str, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after or 0.0
        """Seconds that the store asked us to wait."""


class SlackUnreachable(Exception):
    """Slack did not answer; if `sent`, it may have the message."""

    def __init__(self, *, sent: bool, is_untrusted: bool = False) -> None:
        super().__init__("no answer" if sent else "not connected")
        self.sent = sent
        self.is_untrusted = is_untrusted
        """Whether the certificate is not trusted."""


class Refused(Enum):
    """The kind of refusal in Slack's answer to a post."""

    FOR_NOW = "for now"
    """A later post may succeed."""
    MESSAGE = "message"
    DESTINATION = "destination"
    UNEXPECTED = "unexpected"
    """The status means success, but the body is not Slack's."""
    FOREIGN = "foreign"
    """The status means refusal, but the body is not Slack's: a proxy may have answered."""


class SlackRefused(Exception):
    """Slack's answer is not success."""

    def __init__(self, classification: Classification, refused: Refused) -> None:
        super().__init__(classification.code)
        self.classification = classification
        self.refused = refused
