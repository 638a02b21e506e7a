"""Events for a policy's hooks, and two hooks that write them to the standard log."""

import logging
from collections.abc import Callable
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
    """The other side asked for a longer wait than fits: let a queue wait."""
    BUDGET = "BUDGET"
    """Too many retries across all calls: more of them would prolong an outage."""
    NESTED = "NESTED"
    """A nested policy has already given up on it."""


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


def call_hooks[E](hooks: tuple[Callable[[E], None], ...], event: E) -> None:
    """Call each hook. Log one that raises, by its error's type only: the error's text may show a secret."""
    for hook in hooks:
        try:
            hook(event)
        except Exception as error:  # noqa: BLE001 - telemetry must not fail the call
            logger.error("a hook raised", extra={"error": type(error).__name__})  # noqa: TRY400 - see above


def retry_facts(event: RetryEvent) -> dict[str, object]:
    """Return the fields of a log line about a retry."""
    facts = {"policy": event.name, "attempt": event.attempt, "wait": round(event.wait, 3)}
    return {**facts, "kind": event.kind.value, "code": event.code}


def giveup_facts(event: GiveUpEvent) -> dict[str, object]:
    """Return the fields of a log line about a give-up."""
    facts = {"policy": event.name, "attempt": event.attempt, "reason": event.reason.value}
    return {**facts, "kind": event.kind.value, "code": event.code}


def log_retry(event: RetryEvent) -> None:
    """Warn of an attempt that is followed by another."""
    logger.warning("attempt failed", extra=retry_facts(event))


def log_giveup(event: GiveUpEvent) -> None:
    """Log the error of a call that was given up."""
    logger.error("gave up", extra=giveup_facts(event))
