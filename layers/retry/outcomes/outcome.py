"""The ends of a record. The only list of reasons: logs, metrics, parking and the runbook use these words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol


class LaterReason(Enum):
    """Why a record goes back to the queue."""

    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    """Not connected, or answered with a passing failure."""
    UNANSWERED = "unanswered"
    """Sent, and no status came back: it may have arrived."""
    UNEXPECTED_ANSWER = "unexpected_answer"
    """An answer that is not Slack's own, perhaps a proxy's: success without `ok`, or a refusal without Slack's code."""
    TLS = "tls"
    """The certificate is not one to trust: never posted past it."""
    DENIED = "denied"
    """IAM or KMS said no to a call: ours to mend."""
    RULES_UNAVAILABLE = "rules_unavailable"
    """No rules can be had, so that nobody knows whether an alarm has one."""
    CLAIMS_UNAVAILABLE = "claims_unavailable"
    """The table did not answer: a call cannot be claimed, or the facts of a message of nearly 1 MiB cannot be read."""
    SECRET_UNAVAILABLE = "secret_unavailable"  # noqa: S105 - a reason, not a secret
    """The secret store did not answer or denied access."""
    SECRET_MISSING = "secret_missing"  # noqa: S105 - a reason, not a secret
    """There is no usable secret; it is often created after the stack."""
    SECRET_EXPIRED = "secret_expired"  # noqa: S105 - a reason, not a secret
    """Slack says that the token has expired: its rotation failed."""
    NOT_SENT = "not_sent"
    """A lane did not take the record."""
    PARKING_FAILED = "parking_failed"
    """It should have been parked and could not be: never acknowledged for that."""
    NOT_ATTEMPTED = "not_attempted"
    """No time was left."""
    IN_PROGRESS = "in_progress"
    """Another invocation has claimed it, and is posting it or has died on the way."""
    UNREADABLE = "unreadable"
    UNEXPECTED = "unexpected"
    """Our own code raised."""


class SkipReason(Enum):
    """Why there is nothing to deliver."""

    NO_RULE = "no_rule"
    """No rule makes a call of this alarm."""
    SUBSCRIPTION = "subscription"
    """SNS's own confirmation messages: nothing in them is followed."""
    HEARTBEAT = "heartbeat"
    """The schedule's message came as far as an alert comes before it is posted."""
    TEST_ALARM = "test_alarm"
    """The alarm that is set off once a day did too."""
    SELF_TEST_FAILED = "self_test_failed"
    """One of these two came to a destination without a secret that can be read."""


class ParkReason(Enum):
    """Why a record was refused for good."""

    MESSAGE_REFUSED = "message_refused"
    """The destination takes other messages, but not this one, not even as plain text."""
    DESTINATION_REFUSED = "destination_refused"
    """Neither its destination nor the default one takes any message."""
    DELIVERY_UNKNOWN = "delivery_unknown"
    """So many posts of it got no answer that it may stand in the channel as often; one more cannot tell.

    A call that may not be made twice: one without an answer.
    """
    NOT_ALLOWED = "not_allowed"
    """The call is not on the allow-list; the detail is its IAM action."""
    INVALID_REQUEST = "invalid_request"
    """It is no request, or its parameters do not fit the API; the detail names the field."""
    EXPIRED = "expired"
    """A request was not carried out in its time and may do harm now; an alert is 12 days old: SQS deletes it soon."""
    KEEPS_FAILING = "keeps_failing"
    """It failed again after three moves to the end of its lane, while other alerts of the lane were delivered."""
    UNEXPECTED_SOURCE = "unexpected_source"
    """It came from a queue or a topic that this stack does not listen to."""


OUR_OWN = frozenset(
    {
        LaterReason.TLS,
        LaterReason.DENIED,
        LaterReason.RULES_UNAVAILABLE,
        LaterReason.CLAIMS_UNAVAILABLE,
        LaterReason.SECRET_UNAVAILABLE,
        LaterReason.SECRET_MISSING,
        LaterReason.SECRET_EXPIRED,
        LaterReason.NOT_SENT,
        LaterReason.PARKING_FAILED,
        LaterReason.UNEXPECTED,
        SkipReason.SELF_TEST_FAILED,
    }
)
"""Ends that time does not mend, because the fault is on our side: configuration, permissions, code."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination has it."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It has been posted before, or parked."""

    is_parked: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """There was nothing to deliver."""

    reason: SkipReason


LONGEST_WAIT = 3600.0
"""Seconds of a Retry-After that are honoured in full."""


@dataclass(frozen=True, slots=True)
class Later:
    """The queue delivers it again, `after` seconds from now at the earliest."""

    reason: LaterReason
    after: float = 0.0


class Held(Protocol):
    """A claim that ends with the parking."""

    @property
    def hop(self) -> int:
        """Of the copy that has come furthest: what is parked under it comes back with one more."""
        ...

    def park(self) -> None: ...
    def release(self) -> None: ...


class Claimed(Held, Protocol):
    """A claim that ends with the parking or with the move."""

    def move(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Park:
    """No attempt can help: it is put aside with its reason, and acknowledged once it stands there."""

    reason: ParkReason
    detail: str = ""
    """A code of ours or one known of the destination's, never text from outside."""
    held: tuple[Held, ...] = field(default=(), compare=False, repr=False)
    """What was claimed to post it: ended once it stands in the parking queue, never before."""
    on_parked: Callable[[], None] = field(default=lambda: None, compare=False, repr=False)
    """Called once it stands in the parking queue, never before."""


@dataclass(frozen=True, slots=True)
class Move:
    """A copy is to be sent to the end of a lane; the record is deleted after that."""

    lane: str
    note: str = ""
    """The line above the message; no text from outside."""
    hop: int = 0
    held: tuple[Claimed, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Moved:
    """A copy was sent to the end of a lane."""

    lane: str


type Outcome = Delivered | Duplicate | Skipped | Later | Move | Moved | Park
