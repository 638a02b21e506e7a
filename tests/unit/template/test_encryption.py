"""Each publisher and each role may use the key of what it sends to or receives from.

The local AWS checks no key; on AWS an alert would be lost without an error.
"""

from tests.support.stack.grants import documents, listed, statements
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTIONS, EMAIL, PSEUDO, Stack, resolve, source

OF_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]}}
PUBLISHERS = {"cloudwatch", "budgets", "costalerts", "events"}
WITHOUT_CONDITION = {"events.amazonaws.com", "sns.amazonaws.com"}
"""EventBridge sends no context key; SNS sends messages of other accounts' topics too."""


def keyed() -> Stack:
    return resolve(OpsEmail=EMAIL, Encryption="customer-key", **ACTIONS)


def encrypted(stack: Stack) -> dict[str, str]:
    """Return the topics and queues under the stack's key, with their reference in roles."""
    queues = {name: f"<{name}.Arn>" for name, one in stack.of("AWS::SQS::Queue").items() if "KmsMasterKeyId" in one}
    topics = {name: f"<{name}>" for name, one in stack.of("AWS::SNS::Topic").items() if "KmsMasterKeyId" in one}
    return queues | topics


def services(policy: Node) -> set[str]:
    return {
        service
        for one in policy["Statement"]
        if one["Effect"] == "Allow"
        for service in listed(one["Principal"].get("Service", []))
    }


def test_f6_each_service_that_may_send_may_use_the_key(variant: Stack) -> None:
    for name in encrypted(variant):
        sending = services(variant[f"{name}Policy"]["PolicyDocument"])
        assert sending <= services(variant["EncryptionKey"]["KeyPolicy"])
        if name == "AlertsTopic":
            assert sending == {f"{one}.amazonaws.com" for one in PUBLISHERS}


def test_each_role_that_uses_a_topic_or_queue_may_use_its_key(variant: Stack) -> None:
    arns = set(encrypted(variant).values())
    for role in variant.of("AWS::IAM::Role").keys() - {"ActionsCallRole"}:
        permissions = statements(*documents(variant, role))
        using = [one for one in permissions.values() if arns & set(listed(one["Resource"]))]
        for service in {action.partition(":")[0] for one in using for action in listed(one["Action"])}:
            key = permissions["UseKeyOfQueues" if service == "sqs" else "UseKeyOfTopic"]
            assert key["Condition"] == {"StringEquals": {"kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}}
            sends = any(
                action in {"sqs:SendMessage", "sns:Publish"} for one in using for action in listed(one["Action"])
            )
            assert set(listed(key["Action"])) == {"kms:Decrypt", *(["kms:GenerateDataKey"] if sends else [])}, role


def test_the_key_covers_all_queues_and_the_topics_before_them_and_outlives_the_stack() -> None:
    stack = keyed()
    [name] = stack.of("AWS::KMS::Key")
    topics = {"AlertsTopic", "ActionsTopic"}
    assert encrypted(stack).keys() == topics | stack.of("AWS::SQS::Queue").keys()
    for one in encrypted(stack):
        assert stack[one]["KmsMasterKeyId"] == f"<{name}.Arn>"
        assert "SqsManagedSseEnabled" not in stack[one]  # SQS takes one of the two
    assert stack[name]["EnableKeyRotation"] is True
    assert (stack.resources[name]["DeletionPolicy"], stack.resources[name]["UpdateReplacePolicy"]) == ("Retain",) * 2


def test_only_this_account_and_these_services_may_use_the_key() -> None:
    permissions = {one["Sid"]: one for one in keyed()["EncryptionKey"]["KeyPolicy"]["Statement"]}
    account = permissions.pop("Account")
    assert account["Principal"] == {"AWS": f"arn:aws:iam::{PSEUDO['AWS::AccountId']}:root"}
    for one in permissions.values():
        assert set(one["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
        has_no_condition = set(listed(one["Principal"]["Service"])) <= WITHOUT_CONDITION
        assert one.get("Condition") == (None if has_no_condition else OF_THIS_ACCOUNT)


def test_by_default_queues_are_encrypted_without_a_key(calling: Stack) -> None:
    assert not calling.of("AWS::KMS::Key")
    assert not encrypted(calling)
    assert all(one["SqsManagedSseEnabled"] is True for one in calling.of("AWS::SQS::Queue").values())


def test_the_parameter_of_the_ops_topic_says_what_the_policy_of_its_key_needs() -> None:
    described = source()["Parameters"]["OpsTopicArn"]["Description"]
    for needed in ("customer managed key", "cloudwatch.amazonaws.com", "this account", "kms:GenerateDataKey*"):
        assert needed in described
