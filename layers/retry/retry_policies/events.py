"""What a policy tells its hooks while it works, and two hooks that write it to the standard log."""

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
    BUDGET = "BUDGET"
    """Too many retries across all calls: the other side is down, and more of them would keep it there."""
    NESTED = "NESTED"
    """A policy further in has already given up on it."""


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
class RecoveryEvent:
    """An attempt succeeded after others had failed."""

    name: str
    attempt: int
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


def retry_facts(event: RetryEvent) -> dict[str, object]:
    """A retry as fields of a log line."""
    facts = {"policy": event.name, "attempt": event.attempt, "wait": round(event.wait, 3)}
    return {**facts, "kind": event.kind.value, "code": event.code}


def giveup_facts(event: GiveUpEvent) -> dict[str, object]:
    """A give-up as fields of a log line."""
    facts = {"policy": event.name, "attempt": event.attempt, "reason": event.reason.value}
    return {**facts, "kind": event.kind.value, "code": event.code}


def log_retry(event: RetryEvent) -> None:
    """One warning for each attempt that is followed by another."""
    logger.warning("attempt failed", extra=retry_facts(event))


def log_giveup(event: GiveUpEvent) -> None:
    """One error for each call that is given up."""
    logger.error("gave up", extra=giveup_facts(event))
