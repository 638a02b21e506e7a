"""ReceiveMessage, for notices and redrive, which no event source mapping invokes."""

import math
from typing import Any

PAGE = 10
"""The most messages that SQS returns."""
WAIT = 1
"""Seconds of a long poll, which asks all of SQS's servers; a short poll may miss messages."""
SYSTEM_ATTRIBUTES = ["SentTimestamp", "ApproximateReceiveCount", "MessageGroupId", "MessageDeduplicationId"]


class QueueUnreadable(Exception):
    """SQS did not answer or denied access; the message is the error's code."""


def receive_messages(sqs: Any, url: str, *, hidden: float, wait: int = WAIT) -> list[dict[str, Any]]:  # noqa: ANN401 - boto3's client
    """Receive a page of messages and hide them for `hidden` seconds. Raises boto3's errors."""
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=PAGE,
        WaitTimeSeconds=wait,
        VisibilityTimeout=math.ceil(hidden),
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=SYSTEM_ATTRIBUTES,
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages
