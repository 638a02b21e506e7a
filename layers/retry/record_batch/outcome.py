"""What becomes of a record. The only list of reasons: logs, metrics and the runbook use these words."""

from dataclasses import dataclass
from enum import Enum


class LaterReason(Enum):
    """Why a record goes back to the queue."""

    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    """Not answered, or answered with a passing failure."""
    MESSAGE_REFUSED = "message_refused"
    """The destination will not take this message: it ends in the dead-letter queue, where a human sees it."""
    DESTINATION_REFUSED = "destination_refused"
    """The destination takes no message at all: the same end, unless it is mended in time."""
    SECRET_UNAVAILABLE = "secret_unavailable"  # noqa: S105 - a reason, not a secret
    NOT_ATTEMPTED = "not_attempted"
    """No time left, or the destination had asked for patience."""
    UNREADABLE = "unreadable"
    UNEXPECTED = "unexpected"
    """Our own code raised."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination has it."""


@dataclass(frozen=True, slots=True)
class Later:
    """The queue shall deliver it again, not before `after` seconds from now."""

    reason: LaterReason
    after: float = 0.0


type Outcome = Delivered | Later
