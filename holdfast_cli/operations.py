"""The subscriptions of the operations topic, which reports undelivered alerts outside of Slack."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def subscribers_of(sns: "SNSClient", topic_arn: str) -> tuple[list[str], list[str]]:
    """Return the confirmed and the pending subscribers of a topic."""
    confirmed: list[str] = []
    pending: list[str] = []
    for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn):
        for one in page["Subscriptions"]:
            # Only a confirmed subscription has an ARN here, others a word: PendingConfirmation, Deleted.
            subscribers = confirmed if one["SubscriptionArn"].startswith("arn:") else pending
            subscribers.append(_name(one["Protocol"], one["Endpoint"]))
    return confirmed, pending


def ops_problem(confirmed: list[str], pending: list[str], topic_arn: str) -> tuple[str, str]:
    """Return a problem and the advice, or two empty strings."""
    subscribe = f"aws sns subscribe --topic-arn {topic_arn} --protocol email --notification-endpoint ADDRESS"
    problem = "operations would not hear of an undelivered alert:"
    if confirmed:
        return "", ""
    if pending:
        advice = f"confirm it by the link in the e-mail from SNS; if the link is lost or has expired: {subscribe}"
        return f"{problem} {' and '.join(pending)} has not confirmed its subscription", advice
    return f"{problem} {topic_arn} has no subscription", f"{subscribe}, and confirm it by the link in the e-mail"


def _name(protocol: str, endpoint: str) -> str:
    """Return protocol and endpoint; of a URL only the host, since the rest may be a secret."""
    host = urlsplit(endpoint).hostname if protocol in {"http", "https"} else None
    return f"{protocol} {host or endpoint}"
