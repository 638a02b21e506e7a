"""The ends of a record. The only list of reasons: logs, metrics, parking and the runbook use these words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from outcomes.claim_protocols import MovableClaim, ParkableClaim


class LaterReason(Enum):
    """The reasons to return a record to its queue."""

    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    """No connection, or a transient failure."""
    UNANSWERED = "unanswered"
    """Sent without an answer: it may have arrived."""
    UNEXPECTED_ANSWER = "unexpected_answer"
    """An answer that is not Slack's own, perhaps a proxy's: success without `ok`, or a refusal without Slack's code."""
    TLS = "tls"
    """The certificate is not trusted, so nothing is posted."""
    DENIED = "denied"
    """IAM or KMS denied a call."""
    RULES_UNAVAILABLE = "rules_unavailable"
    """The rules cannot be read, so it is unknown whether the alarm has one."""
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
    """The parking queue did not take it, so it is not acknowledged."""
    NOT_ATTEMPTED = "not_attempted"
    """No time was left."""
    MUTED = "muted"
    """Its route is muted."""
    IN_PROGRESS = "in_progress"
    """Another invocation has claimed it, and is posting it or has died."""
    UNREADABLE = "unreadable"
    UNEXPECTED = "unexpected"
    """Our own code raised."""


class SkipReason(Enum):
    """The reasons to deliver nothing."""

    NO_RULE = "no_rule"
    """No rule matches this alarm."""
    SUBSCRIPTION = "subscription"
    """A confirmation message of SNS, which is never followed."""
    TEST_EVENT = "test_event"
    """S3's test of a new event notification."""
    HEARTBEAT = "heartbeat"
    """The scheduled heartbeat passed every step before the post."""
    TEST_ALARM = "test_alarm"
    """The daily test alarm passed every step before the post."""
    STACK_RESOURCE = "stack_resource"
    """The progress of one resource of a CloudFormation stack; its failures and the stack's own states are alerts."""
    SELF_TEST_FAILED = "self_test_failed"
    """The default destination had no readable secret when a heartbeat or test alarm arrived."""


class ParkReason(Enum):
    """The reasons to park a record."""

    MESSAGE_REFUSED = "message_refused"
    """The destination takes other messages but not this one, not even as plain text."""
    DESTINATION_REFUSED = "destination_refused"
    """Neither its destination nor the default destination takes any message."""
    DELIVERY_UNKNOWN = "delivery_unknown"
    """Too many posts of the alert got no answer; or an AWS call that must not be repeated got none."""
    NOT_ALLOWED = "not_allowed"
    """The call is not on the allow-list; the detail is its IAM action."""
    INVALID_REQUEST = "invalid_request"
    """The request cannot be read, or its parameters do not fit the API; the detail names the field."""
    EXPIRED = "expired"
    """A request is too old to be carried out safely, or an alert so old that SQS will delete it soon."""
    KEEPS_FAILING = "keeps_failing"
    """It failed again after three moves to the end of its lane, while other alerts of the lane were delivered."""
    UNEXPECTED_SOURCE = "unexpected_source"
    """It came from a queue or a topic that is not this stack's."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination took it."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A copy of it was posted or parked before."""

    is_parked: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """It holds nothing to deliver."""

    reason: SkipReason


LONGEST_WAIT = 3600.0
"""Upper limit, in seconds, of a Retry-After that we honour."""


@dataclass(frozen=True, slots=True)
class Later:
    """It stays in its queue, which delivers it again after at least `after` seconds."""

    reason: LaterReason
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Park:
    """It is sent to the parking queue with its reason, then acknowledged: no attempt can help."""

    reason: ParkReason
    detail: str = ""
    """A code of ours or a known one of the destination, never text from outside."""
    claims: tuple[ParkableClaim, ...] = field(default=(), compare=False, repr=False)
    """Claims that end after the parking queue has taken the record."""
    on_parked: Callable[[], None] = field(default=lambda: None, compare=False, repr=False)
    """Called after that."""


@dataclass(frozen=True, slots=True)
class Move:
    """A copy must be sent to the end of a lane before the record is deleted."""

    lane: str
    note: str = ""
    """A line of ours above the message."""
    hop: int = 0
    claims: tuple[MovableClaim, ...] = field(default=(), compare=False, repr=False)
    renewed_at: float | None = None
    """The instant from which the alert's age counts anew, in seconds since the epoch; None if its age goes on."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A copy was sent to the end of a lane."""

    lane: str


type Outcome = Delivered | Duplicate | Skipped | Later | Move | Moved | Park
