from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from holdfast_cli.operations import ops_problem, subscribers_of


class Sns:
    """An SNS that lists an e-mail subscription for each ARN, one per page."""

    def __init__(self, *arns: str) -> None:
        self.arns = arns

    def get_paginator(self, _name: str) -> "Sns":
        return self

    def paginate(self, **_topic: str) -> Iterator[dict[str, Any]]:
        for number, arn in enumerate(self.arns):
            one = {"SubscriptionArn": arn, "Protocol": "email", "Endpoint": f"ops{number}@example.com"}
            yield {"Subscriptions": [one]}


@pytest.mark.parametrize("arn", ["PendingConfirmation", "pending confirmation", "Deleted"])
def test_an_unconfirmed_subscription_is_a_problem(arn: str) -> None:
    sns: Any = Sns(arn)
    confirmed, pending = subscribers_of(sns, "arn:topic")
    problem, advice = ops_problem(confirmed, pending, "arn:topic")
    assert (confirmed, pending) == ([], ["email ops0@example.com"])
    assert "ops0@example.com has not confirmed" in problem
    assert "link in the e-mail" in advice


def test_one_confirmed_subscription_is_enough_and_none_is_a_problem() -> None:
    sns: Any = Sns("PendingConfirmation", "arn:aws:sns:1")
    assert ops_problem(*subscribers_of(sns, "arn:topic"), "arn:topic") == ("", "")
    assert "arn:topic has no subscription" in ops_problem([], [], "arn:topic")[0]


def test_only_the_host_of_a_url_is_shown(session: boto3.Session) -> None:
    sns = session.client("sns")
    topic = sns.create_topic(Name="ops")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://pager.example.com/c4n4ry")
    confirmed, pending = subscribers_of(sns, topic)
    assert confirmed + pending == ["https pager.example.com"]
