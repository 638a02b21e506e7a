"""The facts that the steps of aws_actions pass on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aws_events.strict_json import Json
from outcomes.outcome import LaterReason
from retry_policies import Classification

DEFAULT_EXPIRES_AFTER = 900.0
"""Seconds: a call that suits an alarm may be wrong a quarter of an hour later."""
ALARM = "action:alarm"
"""The scope of the keys of alarms."""
ASSUME_ROLE = "AssumeRole."
"""The prefix of error codes for a role that was not assumed."""


class NotAllowed(Exception):
    """The call's IAM action is not on the allow-list; the message is that action."""


class RulesUnavailable(Exception):
    """No rules document was ever read, so it is unknown whether an alarm has a rule."""


class RoleNotAssumed(Exception):
    """The call was not sent, because STS did not return credentials; the message is the error's code."""

    def __init__(self, classification: Classification) -> None:
        super().__init__(classification.code)
        self.classification = classification


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An AWS API call. In a rule the parameters have placeholders."""

    service: str
    """The boto3 client's name."""
    operation: str
    """The API's own name, like UpdateService."""
    parameters: dict[str, Json] = field(repr=False)
    """The parameters as the API takes them; only botocore's model describes their shape."""
    expires_after: float | None = None
    """Seconds."""
    notify: bool = False
    """Whether the outcome is published to Slack."""

    def expires_at(self, published_at: datetime) -> datetime:
        """Return the instant from which the call is no longer made."""
        seconds = DEFAULT_EXPIRES_AFTER if self.expires_after is None else self.expires_after
        return published_at + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call, requested by a message or by an alarm's rule."""

    call: Call
    key: str
    """The idempotency key: the same for each copy of the message or the alarm."""
    alarm: str
    """The alarm's name; "" if a message made the request."""
    expires_at: datetime
    problem: str = ""
    """Why the alarm cannot fill the placeholders of its rule; such a request makes no call."""

    @property
    def scope(self) -> str:
        """The namespace in which `key` is unique; an alarm has the same one even if its rule changes."""
        return ALARM if self.alarm else f"action:{self.call.service}.{self.call.operation}"

    def is_expired(self, now: datetime) -> bool:
        return self.seconds_left(now) <= 0

    def seconds_left(self, now: datetime) -> float:
        """Return the seconds until the request expires; negative after that."""
        return (self.expires_at - now).total_seconds()


@dataclass(frozen=True, slots=True)
class AlarmWithoutRule:
    """An alarm that fits no rule; it may have fitted one at an earlier receive."""

    key: str


@dataclass(frozen=True, slots=True)
class Done:
    """The call succeeded."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Retryable:
    """The call failed and may be made again, `after` seconds from now at the earliest."""

    reason: LaterReason
    code: str
    after: float = 0.0
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """AWS answered that the call cannot succeed, or that a part of a repeatable call failed."""

    code: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class PartlyFailed:
    """AWS answered that a part of the call failed; it must not be made twice."""

    code: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The call may have taken effect, and must not be made twice."""

    code: str
    request_id: str = ""


type Result = Done | Retryable | Refused | PartlyFailed | Unknown
"""The result of a call: codes and AWS's request id, nothing else from AWS's answer."""
