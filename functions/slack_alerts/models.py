"""The facts that the steps of slack_alerts pass on."""

from dataclasses import dataclass, field
from enum import Enum

from aws_events.strict_json import Json
from notifications.models import Notification
from retry_policies import Classification

DOUBT = "possible duplicate: an earlier post of this alert may have arrived"
"""The line above a post if an earlier post of the alert, in any invocation, may have arrived."""


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
    """A notification with the facts that its route and its lanes added."""

    notification: Notification
    mention: str = ""
    """Slack's own markup, `<!here>`: from the routes document, never from a message."""
    note: str = ""
    """A line of ours above the message."""
    is_doubtful: bool = False
    """Whether an earlier post of it may have arrived; shown in a digest."""


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
class ClosedDestination:
    """A destination that takes no message at all."""

    why: str
    """The reason, for people: `refused` or `no secret`."""
    code: str
    """Slack's code, or ours."""


class CredentialsMissing(Exception):
    """A destination has no secret, or one that cannot be used; the message names the rule and never the value."""


class CredentialsUnavailable(Exception):
    """The secret store did not answer or denied access; the message names its error code."""


class SlackUnreachable(Exception):
    """No answer from Slack; `sent` tells whether it may have the message."""

    def __init__(self, *, sent: bool, is_untrusted: bool = False) -> None:
        super().__init__("no answer" if sent else "not connected")
        self.sent = sent
        self.is_untrusted = is_untrusted
        """Whether the certificate is not trusted."""


class Refused(Enum):
    """What Slack's answer refuses."""

    FOR_NOW = "for now"
    """Refused for now: a later post may succeed."""
    MESSAGE = "message"
    DESTINATION = "destination"
    UNEXPECTED = "unexpected"
    """Unclear: the status means success, but the body is not Slack's."""
    FOREIGN = "foreign"
    """Unclear: the status means refusal, but the body is not Slack's; a proxy may have answered."""


class SlackRefused(Exception):
    """Slack answered, but not with success."""

    def __init__(self, classification: Classification, refused: Refused) -> None:
        super().__init__(classification.code)
        self.classification = classification
        self.refused = refused
