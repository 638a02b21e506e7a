"""One JSON line for each fact worth knowing. Never a URL, never a body."""

import logging

from aws_lambda_powertools import Logger

from retry_policies import GiveUpEvent, RetryEvent

logger = Logger(use_rfc3339=True)
"""Named by POWERTOOLS_SERVICE_NAME; its timestamps are those that Lambda can read the level beside."""

# botocore writes the answer that holds the secret at DEBUG; urllib3 writes the webhook's URL even at WARNING.
logging.getLogger("botocore").setLevel(logging.WARNING)
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


def log_retry(event: RetryEvent) -> None:
    """A policy's hook: one warning for each attempt that is followed by another."""
    facts = {"policy": event.name, "attempt": event.attempt, "kind": event.kind.value, "code": event.code}
    logger.warning("attempt failed", extra={**facts, "wait": round(event.wait, 3)})


def log_giveup(event: GiveUpEvent) -> None:
    """A policy's hook: one error for each call that is given up."""
    facts = {"policy": event.name, "attempt": event.attempt, "kind": event.kind.value, "code": event.code}
    logger.error("gave up", extra={**facts, "reason": event.reason.value})
