"""What a policy tells about itself while it works, and the log lines it writes unless told otherwise."""

import logging
from dataclasses import dataclass
from enum import Enum

from retry_policies.classification import ErrorKind

logger = logging.getLogger("retry_policies")


class StopReason(Enum):
    """Why no further attempt was made."""

    PERMANENT = "PERMANENT"
    AMBIGUOUS = "AMBIGUOUS"
    """It may have taken effect, and must not be repeated."""
    ATTEMPTS = "ATTEMPTS"
    DEADLINE = "DEADLINE"
    RETRY_AFTER = "RETRY_AFTER"
    """The other side asked for a longer wait than fits: hand it on."""


@dataclass(frozen=True, slots=True)
class RetryEvent:
    """An attempt failed and another one follows after `wait` seconds."""

    name: str
    attempt: int
    wait: float
    kind: ErrorKind
    code: str
    remaining: float


@dataclass(frozen=True, slots=True)
class GiveUpEvent:
    """The last attempt failed; the error goes to the caller."""

    name: str
    attempt: int
    reason: StopReason
    kind: ErrorKind
    code: str
    remaining: float


def log_retry(event: RetryEvent) -> None:
    """One warning for each attempt that is followed by another."""
    facts = {"policy": event.name, "attempt": event.attempt, "wait": round(event.wait, 3)}
    logger.warning("attempt failed", extra={**facts, "kind": event.kind.value, "code": event.code})


def log_giveup(event: GiveUpEvent) -> None:
    """One error for each call that is given up."""
    facts = {"policy": event.name, "attempt": event.attempt, "reason": event.reason.value}
    logger.error("gave up", extra={**facts, "kind": event.kind.value, "code": event.code})
