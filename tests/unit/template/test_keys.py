"""Each step of the road, walked on the transformed template: who publishes may publish, and may use the key.

MiniStack checks neither an alarm's permission to publish nor any key; on AWS what is missing here is silence.
"""

from fnmatch import fnmatch

import pytest

from tests.support.stack.grants import listed
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTION_VARIANTS, ACTIONS, EMAIL, PSEUDO, VARIANTS, Stack, source, stack

ACCOUNT = PSEUDO["AWS::AccountId"]
KEY_USE = ("kms:Decrypt", "kms:GenerateDataKey")
OF_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
PUBLISHERS = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com", "events.amazonaws.com"]
UNCONDITIONED = {"events.amazonaws.com", "sns.amazonaws.com"}
"""EventBridge fills in no key of a condition; SNS comes for topics of other accounts too."""


GIVEN = VARIANTS | {f"actions, {name}": given for name, given in ACTION_VARIANTS.items()}


@pytest.fixture(params=list(GIVEN.values()), ids=list(GIVEN))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


@pytest.fixture
def keyed() -> Stack:
    return stack(OpsEmail=EMAIL, Encryption="customer-key", **ACTIONS)


def of_service(statements: list[Node], service: str, action: str) -> list[Node]:
    """The statements that allow a service an action."""
    return [
        one
        for one in statements
        if one["Effect"] == "Allow"
        and service in listed(one["Principal"].get("Service", []))
        and any(fnmatch(action, allowed) for allowed in listed(one["Action"]))
    ]


def policies(made: Stack, kind: str, name: str) -> list[Node]:
    """The statements about a topic or a queue of this stack."""
    owners = "Topics" if kind == "AWS::SNS::TopicPolicy" else "Queues"
    found = [one for one in made.of(kind).values() if f"<{name}>" in one[owners]]
    return [statement for one in found for statement in one["PolicyDocument"]["Statement"]]


def may_use_key(made: Stack, holder: Node, service: str) -> None:
    """What stands under a key is open to this service; nothing to ask where there is none."""
    if (key := holder.get("KmsMasterKeyId")) is None:
        return
    statements = made[key.removeprefix("<").removesuffix(".Arn>")]["KeyPolicy"]["Statement"]
    for action in KEY_USE:
        [allowed] = of_service(statements, service, action)
        assert allowed.get("Condition") == (None if service in UNCONDITIONED else OF_THIS_ACCOUNT), service


def role_may(made: Stack, role: str, action: str, resource: str) -> list[Node]:
    """The statements that allow a role an action on a resource."""
    statements = [one for policy in made[role].get("Policies", []) for one in policy["PolicyDocument"]["Statement"]]
    return [one for one in statements if action in listed(one["Action"]) and resource in listed(one["Resource"])]


def role_may_use_key(made: Stack, role: str, holder: Node, service: str) -> None:
    if (key := holder.get("KmsMasterKeyId")) is not None:
        for action in KEY_USE:
            allowed = [one["Condition"] for one in role_may(made, role, action, key)]
            assert {"StringEquals": {"kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}} in allowed, role


def test_each_alarm_reaches_its_topic(variant: Stack) -> None:
    walked = 0
    for name, alarm in variant.of("AWS::CloudWatch::Alarm").items():
        for topic in alarm["AlarmActions"] + alarm.get("OKActions", []):
            made = topic.strip("<>")
            if made not in variant.resources:
                continue  # a topic that was there before: its policy and its key are its owner's
            [allowed] = of_service(
                policies(variant, "AWS::SNS::TopicPolicy", made), "cloudwatch.amazonaws.com", "sns:Publish"
            )
            assert allowed["Condition"] == OF_THIS_ACCOUNT, name
            may_use_key(variant, variant.resources[made].get("Properties", {}), "cloudwatch.amazonaws.com")
            walked += 1
    assert walked or not {"AlertsTopic", "OpsTopic"} & variant.resources.keys()


def test_f6_whoever_may_publish_alerts_may_use_their_key(variant: Stack) -> None:
    if "AlertsTopic" not in variant.resources:
        return
    for service in PUBLISHERS:
        [_] = of_service(policies(variant, "AWS::SNS::TopicPolicy", "AlertsTopic"), service, "sns:Publish")
        may_use_key(variant, variant.resources["AlertsTopic"]["Properties"], service)


def test_sns_brings_alerts_to_their_queue_and_what_it_cannot_to_the_dead_letters(variant: Stack) -> None:
    for name, subscription in variant.of("AWS::SNS::Subscription").items():
        if subscription["Protocol"] == "email":
            continue
        ends = [subscription["RedrivePolicy"]["deadLetterTargetArn"]]
        ends += [subscription["Endpoint"]] if subscription["Protocol"] == "sqs" else []
        for queue in (end.removeprefix("<").removesuffix(".Arn>") for end in ends):
            allowed = of_service(
                policies(variant, "AWS::SQS::QueuePolicy", queue), "sns.amazonaws.com", "sqs:SendMessage"
            )
            topics = [arn for one in allowed for arn in listed(one["Condition"]["ArnEquals"]["aws:SourceArn"])]
            assert subscription["TopicArn"] in topics, name
            may_use_key(variant, variant[queue], "sns.amazonaws.com")


@pytest.mark.parametrize(
    ("role", "takes_from", "sends_to"),
    [
        ("IntakeRole", ["AlertsQueue"], ["LanesQueue", "ParkingQueue"]),
        ("SlackAlertsRole", ["LanesQueue"], ["LanesQueue", "ParkingQueue"]),
        (
            "RedriveRole",
            ["AlertsDeadLetterQueue", "LanesDeadLetterQueue", "ParkingQueue"],
            ["AlertsQueue", "LanesQueue", "ParkingQueue"],
        ),
    ],
)
def test_each_function_takes_from_its_queues_and_sends_on_under_the_same_key(
    variant: Stack, role: str, takes_from: list[str], sends_to: list[str]
) -> None:
    for queue in takes_from:
        [_] = role_may(variant, role, "sqs:ReceiveMessage", f"<{queue}.Arn>")
    for queue in sends_to:
        [_] = role_may(variant, role, "sqs:SendMessage", f"<{queue}.Arn>")
    for queue in {*takes_from, *sends_to}:
        role_may_use_key(variant, role, variant[queue], "sqs")


def test_heartbeats_are_published_under_the_key_of_the_topic(variant: Stack) -> None:
    if {"HeartbeatSchedule", "AlertsTopic"} <= variant.resources.keys():
        [_] = role_may(variant, "HeartbeatRole", "sns:Publish", "<AlertsTopic>")
        role_may_use_key(variant, "HeartbeatRole", variant.resources["AlertsTopic"]["Properties"], "sns")


def test_each_role_that_touches_a_queue_may_use_the_key_of_the_queues(keyed: Stack) -> None:
    touching = {name for name, role in keyed.of("AWS::IAM::Role").items() if "'sqs:" in str(role)}
    assert touching == {"IntakeRole", "SlackAlertsRole", "RedriveRole", "NoticesRole", "ActionsRole"}
    for role in touching - {"NoticesRole"}:
        role_may_use_key(keyed, role, keyed["AlertsQueue"], "sqs")


def test_notices_may_decrypt_what_it_receives_and_encrypt_nothing(keyed: Stack) -> None:
    key = keyed["ParkingQueue"]["KmsMasterKeyId"]
    [may] = role_may(keyed, "NoticesRole", "kms:Decrypt", key)
    assert (may["Action"], may["Resource"]) == ("kms:Decrypt", key)
    assert may["Condition"] == {"StringEquals": {"kms:ViaService": "sqs.eu-west-1.amazonaws.com"}}


OPS_ROLES = ["SlackAlertsRole", "NoticesRole"]
"""The roles that publish to the operations topic."""


def test_these_roles_tell_operations(variant: Stack) -> None:
    topic = variant.outputs["OpsTopicArn"]["Value"]
    assert [role for role in variant.of("AWS::IAM::Role") if role_may(variant, role, "sns:Publish", topic)] == OPS_ROLES


@pytest.mark.parametrize("role", OPS_ROLES)
def test_a_given_topic_of_operations_may_be_under_a_key_of_its_account(role: str) -> None:
    topic = "arn:aws:sns:us-east-1:444455556666:their-ops"
    made = stack(OpsTopicArn=topic)
    statements = [one for policy in made[role]["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    [may] = [one for one in statements if one["Sid"] == "UseKeyOfOpsTopic"]
    assert may == {
        "Sid": "UseKeyOfOpsTopic",
        "Effect": "Allow",
        "Action": list(KEY_USE),
        "Resource": "arn:aws:kms:us-east-1:444455556666:key/*",
        "Condition": {"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}},
    }
    assert "UseKeyOfOpsTopic" not in str(stack(OpsEmail=EMAIL)[role])


def test_the_parameter_of_that_topic_says_what_the_policy_of_its_key_needs() -> None:
    described = source()["Parameters"]["OpsTopicArn"]["Description"]
    for needed in ("customer managed key", "cloudwatch.amazonaws.com", "this account", "kms:GenerateDataKey*"):
        assert needed in described


def test_outcomes_of_calls_are_told_under_the_key_of_the_topic(keyed: Stack) -> None:
    [_] = role_may(keyed, "ActionsRole", "sns:Publish", "<AlertsTopic>")
    role_may_use_key(keyed, "ActionsRole", keyed["AlertsTopic"], "sns")


def test_a_key_covers_the_queues_and_the_topics_before_them_and_outlives_the_stack(keyed: Stack) -> None:
    [(name, key)] = keyed.of("AWS::KMS::Key").items()
    arn = f"<{name}.Arn>"
    assert [queue["KmsMasterKeyId"] for queue in keyed.of("AWS::SQS::Queue").values()] == [arn] * 7
    assert not any("SqsManagedSseEnabled" in queue for queue in keyed.of("AWS::SQS::Queue").values())  # either, or
    assert keyed["AlertsTopic"]["KmsMasterKeyId"] == keyed["ActionsTopic"]["KmsMasterKeyId"] == arn
    assert key["EnableKeyRotation"] is True
    assert (keyed.resources[name]["DeletionPolicy"], keyed.resources[name]["UpdateReplacePolicy"]) == ("Retain",) * 2
    [account] = [one for one in key["KeyPolicy"]["Statement"] if "AWS" in one["Principal"]]
    assert account["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_operations_are_told_even_where_that_key_fails(keyed: Stack) -> None:
    assert "KmsMasterKeyId" not in keyed.resources["OpsTopic"].get("Properties", {})


def test_a_service_of_another_account_has_no_use_of_the_key(keyed: Stack) -> None:
    [key] = keyed.of("AWS::KMS::Key").values()
    for statement in key["KeyPolicy"]["Statement"]:
        services = set(listed(statement["Principal"].get("Service", [])))
        assert services <= UNCONDITIONED or statement["Condition"] == OF_THIS_ACCOUNT
        assert not services or set(listed(statement["Action"])) == {"kms:Decrypt", "kms:GenerateDataKey*"}


def test_no_key_is_made_unless_asked_for() -> None:
    made = stack(OpsEmail=EMAIL)
    assert not made.of("AWS::KMS::Key")
    roles = made.of("AWS::IAM::Role").values()
    may = [one for role in roles for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    assert not [one for one in may if one["Effect"] == "Allow" and "kms:" in str(one["Action"])]
