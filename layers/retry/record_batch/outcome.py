"""What becomes of a record. The only list of reasons: logs, metrics, parking and the runbook use these words."""

from dataclasses import dataclass
from enum import Enum


class LaterReason(Enum):
    """Why a record goes back to the queue."""

    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    """Not connected, or answered with a passing failure."""
    UNANSWERED = "unanswered"
    """Sent, and no status came back: it may have arrived."""
    UNEXPECTED_ANSWER = "unexpected_answer"
    """Success by its status, but not by its body: once more, then the destination counts as refused."""
    TLS = "tls"
    """The certificate is not one to trust: never posted past it."""
    SECRET_UNAVAILABLE = "secret_unavailable"  # noqa: S105 - a reason, not a secret
    """The secret store did not answer, or not us."""
    SECRET_MISSING = "secret_missing"  # noqa: S105 - a reason, not a secret
    """There is no secret, or one that cannot be used: usually a slip in a deployment's order, soon mended."""
    PARKING_FAILED = "parking_failed"
    """It should have been parked and could not be: never acknowledged for that."""
    NOT_ATTEMPTED = "not_attempted"
    """No time left, or the destination had asked for patience."""
    UNREADABLE = "unreadable"
    UNEXPECTED = "unexpected"
    """Our own code raised."""


class SkipReason(Enum):
    """Why there is nothing to deliver."""

    SUBSCRIPTION = "subscription"
    """SNS's own confirmation messages: nothing in them is followed."""


class ParkReason(Enum):
    """Why a record was refused for good."""

    MESSAGE_REFUSED = "message_refused"
    """The destination takes other messages, but not this one, not even as plain text."""
    DESTINATION_REFUSED = "destination_refused"
    """Neither its destination nor the default one takes any message."""
    UNEXPECTED_SOURCE = "unexpected_source"
    """It came from a queue or a topic that this stack does not listen to."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination has it."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """There was nothing to deliver."""

    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Later:
    """The queue shall deliver it again, not before `after` seconds from now."""

    reason: LaterReason
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Park:
    """No attempt can help: it is put aside with its reason, and acknowledged once it stands there."""

    reason: ParkReason
    detail: str = ""
    """A code of ours or one known of the destination's, never text from outside."""


type Outcome = Delivered | Skipped | Later | Park
