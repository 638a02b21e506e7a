"""One JSON line for each fact worth knowing. Never a URL, never a body."""

import logging

from aws_lambda_powertools import Logger

from retry_policies import GiveUpEvent, RetryEvent

logger = Logger()
"""Named by POWERTOOLS_SERVICE_NAME."""

for library in ("urllib3", "botocore"):  # at DEBUG they write the webhook's path, and the answer that holds the secret
    logging.getLogger(library).setLevel(logging.WARNING)


def log_retry(event: RetryEvent) -> None:
    """A policy's hook: one warning for each attempt that is followed by another."""
    facts = {"policy": event.name, "attempt": event.attempt, "kind": event.kind.value, "code": event.code}
    logger.warning("attempt failed", extra={**facts, "wait": round(event.wait, 3)})


def log_giveup(event: GiveUpEvent) -> None:
    """A policy's hook: one error for each call that is given up."""
    facts = {"policy": event.name, "attempt": event.attempt, "kind": event.kind.value, "code": event.code}
    logger.error("gave up", extra={**facts, "reason": event.reason.value})
