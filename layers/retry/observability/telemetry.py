"""Log lines in JSON, and metrics. Neither ever holds a URL or a message body.

A metric is an EMF line on standard output. It is written at once, so that a crash or a timeout does not lose it.
"""

import contextlib
import json
import logging
import sys
from collections.abc import Iterator

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.metrics.functions import is_metrics_disabled

from retry_policies import ErrorKind, GiveUpEvent, RecoveryEvent, RetryEvent, RetryPolicy, StopReason
from retry_policies.events import giveup_facts, hooks_of, log_giveup, log_retry, retry_facts

NAMESPACE = "Holdfast"

logger = Logger(use_rfc3339=True)
"""Named by POWERTOOLS_SERVICE_NAME. Lambda recognises the level of a line only beside an RFC 3339 timestamp."""

# botocore logs responses with secrets at DEBUG; urllib3 logs the webhook's URL even at WARNING.
logging.getLogger("botocore").setLevel(logging.WARNING)
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


@contextlib.contextmanager
def log_keys(**keys: object) -> Iterator[None]:
    """Add these keys to each log line of this thread."""
    logger.thread_safe_append_keys(**keys)
    try:
        yield
    finally:
        logger.thread_safe_remove_keys(keys)


def with_telemetry(policy: RetryPolicy) -> RetryPolicy:
    """Return the policy with hooks that log and count each retry and give-up and count each recovery.

    They replace the hooks that only log.
    """
    return policy.with_(
        on_retry=(*(hook for hook in hooks_of(policy.on_retry) if hook is not log_retry), report_retry),
        on_recovery=(*hooks_of(policy.on_recovery), report_recovery),
        on_giveup=(*(hook for hook in hooks_of(policy.on_giveup) if hook is not log_giveup), report_giveup),
    )


def report_retry(event: RetryEvent) -> None:
    logger.warning("attempt failed", extra=retry_facts(event))
    _count(event.name, "Retries", *_throttled(event.kind))


def report_recovery(event: RecoveryEvent) -> None:
    _count(event.name, "Recovered")


def report_giveup(event: GiveUpEvent) -> None:
    logger.error("gave up", extra=giveup_facts(event))
    _count(event.name, "GivenUp", reason=event.reason.value)
    if event.reason is not StopReason.NESTED and (throttled := _throttled(event.kind)):  # the inner policy has counted
        _count(event.name, *throttled)


def _throttled(kind: ErrorKind) -> tuple[str, ...]:
    return ("Throttled",) if kind is ErrorKind.THROTTLED else ()


def count(*names: str, **dimensions: str) -> None:
    """Count one for each name, by service and by these dimensions, which must have few values."""
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    for dimension, value in dimensions.items():
        metrics.add_dimension(dimension, value)
    for name in names:
        metrics.add_metric(name, MetricUnit.Count, 1)
    _write(metrics)


def measure(name: str, value: float, unit: MetricUnit = MetricUnit.Seconds) -> None:
    """Record a duration or a number, by service."""
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    metrics.add_metric(name, unit, value)
    _write(metrics)


def _write(metrics: EphemeralMetrics) -> None:
    """Write the line and its end in one call, so that lines of parallel lanes do not mix."""
    if is_metrics_disabled():
        return
    line = json.dumps(metrics.serialize_metric_set(), separators=(",", ":"))
    with contextlib.suppress(OSError):  # a failing log must not lose an alert
        sys.stdout.write(f"{line}\n")


def _count(policy: str, *names: str, **dimensions: str) -> None:
    count(*names, policy=policy or "unnamed", **dimensions)
