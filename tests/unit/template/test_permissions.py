"""Who may do what: MiniStack checks a part of it, AWS all."""

import pytest

from tests.support.stack.intrinsics import Node
from tests.support.stack.template import EMAIL, OTHER_TOPICS, PSEUDO, TOPIC, VARIANTS, Stack, stack


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


def statements(policy: Node) -> dict[str, Node]:
    return {one["Sid"]: one for one in policy["PolicyDocument"]["Statement"]}


def test_the_topic_admits_the_services_that_publish_alerts_and_its_owner(plain: Stack) -> None:
    allowed = {sid: one for sid, one in statements(plain["AlertsTopicPolicy"]).items() if one["Effect"] == "Allow"}
    assert {sid: one["Principal"] for sid, one in allowed.items()} == {
        "ServicesOfThisAccount": {
            "Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"]
        },
        "EventBridge": {"Service": "events.amazonaws.com"},
        "Owner": {"AWS": f"arn:aws:iam::{PSEUDO['AWS::AccountId']}:root"},
    }
    of_this_account = {"StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]}}
    assert allowed["ServicesOfThisAccount"]["Condition"] == of_this_account
    assert "Condition" not in allowed["EventBridge"]  # EventBridge fills in no key: a condition would drop its events
    assert allowed["ServicesOfThisAccount"]["Action"] == allowed["EventBridge"]["Action"] == "sns:Publish"


def test_the_ops_topic_admits_alarms_of_this_account_and_its_owner(plain: Stack) -> None:
    allowed = {sid: one for sid, one in statements(plain["OpsTopicPolicy"]).items() if one["Effect"] == "Allow"}
    assert allowed.keys() == {"AlarmsOfThisAccount", "Owner"}
    assert allowed["AlarmsOfThisAccount"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["AlarmsOfThisAccount"]["Action"] == "sns:Publish"
    assert allowed["AlarmsOfThisAccount"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]}
    }


@pytest.mark.parametrize("topic", ["AlertsTopic", "OpsTopic"])
def test_the_owner_of_a_topic_keeps_the_rights_that_a_policy_takes_away(plain: Stack, topic: str) -> None:
    rights = ["Publish", "Subscribe", "ListSubscriptionsByTopic", "GetTopicAttributes", "SetTopicAttributes"]
    rights += ["AddPermission", "RemovePermission", "DeleteTopic"]
    assert statements(plain[f"{topic}Policy"])["Owner"]["Action"] == [f"sns:{right}" for right in rights]


@pytest.mark.parametrize("queue", ["AlertsQueue", "AlertsDeadLetterQueue"])
@pytest.mark.parametrize(
    ("given", "topics"),
    [
        ({}, {"OurTopic": "<AlertsTopic>"}),
        ({"ExistingAlertsTopicArn": TOPIC}, {"OurTopic": TOPIC}),
        (
            {"AllowedTopicArns": ",".join(OTHER_TOPICS)},
            {"OurTopic": "<AlertsTopic>", "AllowedTopics": OTHER_TOPICS},
        ),
        ({"AllowedTopicArns": OTHER_TOPICS[0]}, {"OurTopic": "<AlertsTopic>", "AllowedTopics": OTHER_TOPICS[:1]}),
    ],
    ids=["own topic", "existing topic", "other topics", "one other topic"],
)
def test_a_queue_admits_sns_from_the_topics_and_nobody_else(
    queue: str, given: dict[str, str], topics: dict[str, Node]
) -> None:
    made = stack(OpsEmail=EMAIL, **given)
    allowed = {sid: one for sid, one in statements(made[f"{queue}Policy"]).items() if one["Effect"] == "Allow"}
    assert {sid: one["Condition"] for sid, one in allowed.items()} == {
        sid: {"ArnEquals": {"aws:SourceArn": arns}} for sid, arns in topics.items()
    }
    for one in allowed.values():
        assert (one["Principal"], one["Action"]) == ({"Service": "sns.amazonaws.com"}, "sqs:SendMessage")
        assert one["Resource"] == f"<{queue}.Arn>"


def test_each_queue_and_topic_has_a_policy_of_its_own(variant: Stack) -> None:
    for kind, name in (("AWS::SQS::Queue", "Queues"), ("AWS::SNS::Topic", "Topics")):
        owned = [one for policy in variant.of(f"{kind}Policy").values() for one in policy[name]]
        assert sorted(owned) == sorted(f"<{one}>" for one in variant.of(kind))


def test_nothing_is_sent_to_a_queue_or_topic_without_tls(variant: Stack) -> None:
    policies = variant.of("AWS::SQS::QueuePolicy") | variant.of("AWS::SNS::TopicPolicy")
    assert policies
    for policy in policies.values():
        denied = statements(policy)["OnlyOverTls"]
        assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
        # Services use TLS without being told; each signed call of anybody else says "false" here, on AWS.
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}}


def test_no_policy_allows_everybody(variant: Stack) -> None:
    policies = variant.of("AWS::SQS::QueuePolicy") | variant.of("AWS::SNS::TopicPolicy")
    allowed = [one for policy in policies.values() for one in statements(policy).values() if one["Effect"] == "Allow"]
    assert allowed
    assert all("*" not in str(one["Principal"]) and "*" not in str(one["Action"]) for one in allowed)


def test_queues_are_encrypted_without_a_key_that_a_service_could_be_refused(plain: Stack) -> None:
    for queue in plain.of("AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True
        assert "KmsMasterKeyId" not in queue
    assert not any("KmsMasterKeyId" in topic for topic in plain.of("AWS::SNS::Topic").values())


@pytest.mark.parametrize("queue", ["LanesQueue", "LanesDeadLetterQueue", "ParkingQueue"])
def test_nobody_but_the_roles_of_this_stack_is_admitted_to_a_queue_behind_intake(variant: Stack, queue: str) -> None:
    assert statements(variant[f"{queue}Policy"]).keys() == {"OnlyOverTls"}
    denied = statements(variant[f"{queue}Policy"])["OnlyOverTls"]
    assert (denied["Action"], denied["Resource"]) == ("sqs:*", f"<{queue}.Arn>")
