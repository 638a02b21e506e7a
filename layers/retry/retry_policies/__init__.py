"""Retry policies for HTTP, Slack and AWS calls."""

from retry_policies.budget import RetryBudget
from retry_policies.classification import Classification, Classifier, ErrorKind, first_of
from retry_policies.deadline import Deadline, DeadlineExceeded
from retry_policies.events import GiveUpEvent, RecoveryEvent, RetryEvent, StopReason
from retry_policies.http import parse_retry_after
from retry_policies.info import RetryInfo, retry_info
from retry_policies.policy import RetryPolicy

__all__ = [
    "Classification",
    "Classifier",
    "Deadline",
    "DeadlineExceeded",
    "ErrorKind",
    "GiveUpEvent",
    "RecoveryEvent",
    "RetryBudget",
    "RetryEvent",
    "RetryInfo",
    "RetryPolicy",
    "StopReason",
    "first_of",
    "parse_retry_after",
    "retry_info",
]
