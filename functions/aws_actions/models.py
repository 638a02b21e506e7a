"""What the steps hand to each other."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from aws_events.strict_json import Json
from retry_policies import Classification


class NotAllowed(Exception):
    """The call's IAM action is not on the allow-list; the message is that action."""


class RulesUnavailable(Exception):
    """No rules can be had, so that nobody knows whether an alarm has one; the message is a code."""


ALARM = "action:alarm"
"""The scope of the keys of alarms."""
ASSUME_ROLE = "AssumeRole."
"""How the codes begin that say why a call's role was not assumed."""


class RoleNotAssumed(Exception):
    """The call was not sent, whatever became of the request for its role; the message is that request's code."""

    def __init__(self, classification: Classification) -> None:
        super().__init__(classification.code)
        self.classification = classification


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a request or a rule asks for. In a rule the parameters have placeholders."""

    service: str
    """The boto3 client's name."""
    operation: str
    """The API's own name, UpdateService."""
    parameters: dict[str, Json] = field(repr=False)
    """As the API takes them: nobody but botocore's model knows what is in them."""
    expires_after: float | None = None
    """Seconds."""
    notify: bool = False
    """Whether Slack is told what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call that somebody or an alarm asks for."""

    call: Call
    key: str
    """The same for each copy of the message or the alarm that asks for it."""
    alarm: str
    """The alarm's name; empty where a message asked."""
    expires_at: datetime
    problem: str = ""
    """Why its alarm cannot fill its rule's placeholders: then it is no call to make."""

    @property
    def scope(self) -> str:
        """What its key is its own in: an alarm has one row, even where the rules change between two receives."""
        return ALARM if self.alarm else f"action:{self.call.service}.{self.call.operation}"

    def is_expired(self, now: datetime) -> bool:
        """Whether it is too late: what was meant for then may do harm now."""
        return self.seconds_left(now) <= 0

    def seconds_left(self, now: datetime) -> float:
        """Until it is; negative after that."""
        return (self.expires_at - now).total_seconds()


@dataclass(frozen=True, slots=True)
class Unruled:
    """An alarm without a rule; it may have had one at an earlier receive."""

    key: str


@dataclass(frozen=True, slots=True)
class Done:
    """AWS did it."""

    request_id: str


class Why(Enum):
    """Why a call may succeed later. The words are those of outcomes.outcome.LaterReason."""

    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    UNANSWERED = "unanswered"
    """It may have been made, and may be made again."""
    DENIED = "denied"
    """IAM or KMS, ours to mend: one call per receive, until it expires."""
    TLS = "tls"
    NOT_ATTEMPTED = "not_attempted"
    """No time was left for a call."""


@dataclass(frozen=True, slots=True)
class Passing:
    """Not done; not before `after` seconds from now it may be tried again."""

    why: Why
    code: str
    after: float = 0.0
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """AWS answered that this call cannot succeed, or that a part of it failed and all of it may be made again."""

    code: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Partly:
    """AWS answered that a part of it failed; it must not be made twice."""

    code: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been made, and must not be made twice."""

    code: str
    request_id: str = ""


type Result = Done | Passing | Refused | Partly | Unknown
"""What became of a call: codes and AWS's request id, nothing else of what AWS said."""
