"""Whether somebody hears, by another road than Slack, of an alert that cannot be delivered."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def listeners(sns: "SNSClient", topic_arn: str) -> tuple[list[str], list[str]]:
    """Who is subscribed to the topic of operations: (those who have confirmed it, those who have not)."""
    confirmed: list[str] = []
    pending: list[str] = []
    for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn):
        for one in page["Subscriptions"]:
            # SNS puts a word (PendingConfirmation, Deleted) where the ARN of a confirmed subscription stands.
            told = confirmed if one["SubscriptionArn"].startswith("arn:") else pending
            told.append(_name(one["Protocol"], one["Endpoint"]))
    return confirmed, pending


def ops_problem(confirmed: list[str], pending: list[str], topic_arn: str) -> tuple[str, str]:
    """(what is missing, what to do); empty if nothing is."""
    subscribe = f"aws sns subscribe --topic-arn {topic_arn} --protocol email --notification-endpoint ADDRESS"
    what = "nobody would hear of an alert that cannot be delivered:"
    if confirmed:
        return "", ""
    if pending:
        to_do = f"confirm it by the link in the mail that SNS sent; if that is lost or too old: {subscribe}"
        return f"{what} {' and '.join(pending)} has not confirmed its subscription", to_do
    return f"{what} {topic_arn} has no subscription", f"{subscribe}, and confirm it by the link in the mail"


def _name(protocol: str, endpoint: str) -> str:
    """Protocol and endpoint; of a URL its host alone, for what follows it may be a password."""
    host = urlsplit(endpoint).hostname if protocol in {"http", "https"} else None
    return f"{protocol} {host or endpoint}"
