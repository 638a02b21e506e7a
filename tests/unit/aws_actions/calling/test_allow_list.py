import json
from importlib.resources import files
from inspect import getsource, isfunction

import pytest
from botocore.handlers import BUILTIN_HANDLERS

from aws_actions.calling.allow_list import ACTIONS, NEVER_ALLOWED, PREFIXES, AllowList, iam_action
from tests.unit.aws_actions.builders import MODELS

POLICIES = json.loads((files("cfnlint") / "data/AdditionalSpecs/Policies.json").read_text(encoding="utf-8"))
"""IAM's actions in lower case, from cfn-lint: {prefix: {"Actions": {name: …}}}."""
WITHOUT = {
    "dynamodb": "BatchExecuteStatement ExecuteStatement ExecuteTransaction TransactGetItems TransactWriteItems",
    "kms": "ReEncrypt",
    "lambda": "GetLayerVersionByArn InvokeWithResponseStream",
    "s3": "CompleteMultipartUpload CopyObject CreateMultipartUpload CreateSession ListParts UploadPart UploadPartCopy",
}
"""Operations that need two actions, another's action, or one that depends on the parameters."""
READS = {"lambda:getlayerversionbyarn", "s3:listparts"}
"""The reads among these may be allowed: each needs the action of another operation beside it."""
WHOLE = """
    application-autoscaling autoscaling cloudwatch codebuild codepipeline dynamodbstreams ecs elb elbv2 events firehose
    iam logs rds sns sqs ssm stepfunctions sts xray
"""
KNOWN = {
    ("ecs", "UpdateService"): "ecs:UpdateService",
    ("stepfunctions", "StartExecution"): "states:StartExecution",
    ("lambda", "Invoke"): "lambda:InvokeFunction",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "HeadObject"): "s3:GetObject",
    ("s3", "PutObject"): "s3:PutObject",
    ("cloudwatch", "SetAlarmState"): "cloudwatch:SetAlarmState",
    ("elbv2", "DeregisterTargets"): "elasticloadbalancing:DeregisterTargets",
    ("efs", "PutLifecycleConfiguration"): "elasticfilesystem:PutLifecycleConfiguration",
    ("emr", "TerminateJobFlows"): "elasticmapreduce:TerminateJobFlows",
    ("opensearch", "UpdateDomainConfig"): "es:UpdateDomainConfig",
    ("sqs", "SendMessageBatch"): "sqs:SendMessage",
    ("sesv2", "SendEmail"): "ses:SendEmail",
    ("resourcegroupstaggingapi", "TagResources"): "tag:TagResources",
    ("iot-data", "Publish"): "iot:Publish",
}


def is_real(action: str) -> bool:
    prefix, _, name = action.lower().partition(":")
    return name in POLICIES.get(prefix, {"Actions": {}})["Actions"]


@pytest.mark.parametrize(("operation", "action"), KNOWN.items())
def test_an_operation_has_its_iam_action(operation: tuple[str, str], action: str) -> None:
    assert iam_action(*operation) == action
    assert is_real(action)


@pytest.mark.parametrize("service", WHOLE.split())
def test_nearly_each_operation_of_the_most_used_services_has_an_iam_action(service: str) -> None:
    operations = MODELS.get_service_model(service).operation_names
    derived = [operation for operation in operations if is_real(iam_action(service, operation))]
    assert len(derived) >= 0.85 * len(operations)


@pytest.mark.parametrize("table", [ACTIONS.items(), [((service, ""), prefix) for service, prefix in PREFIXES.items()]])
def test_the_tables_name_what_botocore_and_iam_have(table: list[tuple[tuple[str, str], str]]) -> None:
    for (service, operation), action in table:
        model = MODELS.get_service_model(service)
        assert not operation or operation in model.operation_names
        assert is_real(action) if operation else action in POLICIES
        assert action not in {f"{service}:{operation}", service}  # else the entry is not needed


@pytest.mark.parametrize(
    ("service", "operation"), [(service, one) for service, some in WITHOUT.items() for one in some.split()]
)
def test_an_operation_without_an_action_of_its_own_is_known(service: str, operation: str) -> None:
    assert operation in MODELS.get_service_model(service).operation_names
    assert not is_real(iam_action(service, operation))


def test_operations_that_iam_does_not_check_by_their_name_are_never_allowed() -> None:
    named = {iam_action(service, one).lower() for service, some in WITHOUT.items() for one in some.split()}
    assert named - READS | {"machinelearning:predict", "ssm:getparametersbypath"} == NEVER_ALLOWED
    open_list = AllowList(frozenset({*NEVER_ALLOWED, "dynamodb:putitem"}))
    assert [one for one in open_list.actions if open_list.allows(one)] == ["dynamodb:putitem"]


def test_no_parameter_chooses_where_a_signed_request_goes() -> None:
    handlers = [(event, handler) for event, handler, *_ in BUILTIN_HANDLERS if isfunction(handler)]
    switched = {event for event, handler in handlers if "switch_host_with_param" in getsource(handler)}
    assert switched == {"request-created.machinelearning.Predict"}
    assert not AllowList.parse("machinelearning:Predict").allows("machinelearning:Predict")


def test_a_list_has_actions_between_commas_in_any_case() -> None:
    allowed = AllowList.parse("ecs:UpdateService, ssm:StartAutomationExecution")
    assert allowed.allows("ecs:UpdateService")
    assert allowed.allows("ssm:startautomationexecution")
    assert not allowed.allows("ecs:DeleteService")
    assert not allowed.allows("ecs:UpdateServicePrimaryTaskSet")


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_list_allows_nothing(text: str) -> None:
    assert AllowList.parse(text) == AllowList(frozenset())


WRONG = "*|ecs:*|ecs:Update*|*:UpdateService|ecs:Update?ervice|ecs|ecs:|:X|a:b,|a:b,,c:d|a:b:c|a b:c"


@pytest.mark.parametrize("text", WRONG.split("|"))
def test_a_wildcard_or_a_typo_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be IAM actions between commas"):
        AllowList.parse(text)


TAKES_ROLE = [f"sts:{name}" for name in MODELS.get_service_model("sts").operation_names if "Assume" in name]


@pytest.mark.parametrize("action", ["iam:PassRole", "iam:passrole", "iam:PASSROLE", "sts:assumerole", *TAKES_ROLE])
def test_no_action_that_passes_or_assumes_a_role_is_accepted(action: str) -> None:
    with pytest.raises(ValueError, match=r"^must not have iam:PassRole or sts:Assume…$"):
        AllowList.parse(f"ecs:UpdateService,{action}")


def test_an_action_of_sts_that_assumes_no_role_may_be_allowed() -> None:
    assert AllowList.parse("sts:GetCallerIdentity").allows("sts:GetCallerIdentity")
