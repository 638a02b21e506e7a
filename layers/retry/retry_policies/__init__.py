"""When to try again. Knows HTTP, Slack and AWS errors; knows no AWS event."""

from retry_policies.classification import Classification, Classifier, ErrorKind, first_of
from retry_policies.deadline import Deadline
from retry_policies.events import GiveUpEvent, RetryEvent, StopReason
from retry_policies.http import parse_retry_after
from retry_policies.policy import RetryInfo, RetryPolicy, retry_info

__all__ = [
    "Classification",
    "Classifier",
    "Deadline",
    "ErrorKind",
    "GiveUpEvent",
    "RetryEvent",
    "RetryInfo",
    "RetryPolicy",
    "StopReason",
    "first_of",
    "parse_retry_after",
    "retry_info",
]
