import math
import re
import warnings
from typing import Any

import pytest
from botocore.model import OperationModel
from hypothesis import given
from hypothesis import strategies as st

from aws_actions.call_fields import LONGEST
from aws_actions.calling.allow_list import CLOSED
from aws_actions.calling.operations import FORGOTTEN, TOKENS, check_parameters
from aws_actions.models import NotAllowed
from aws_actions.tokens import token_of
from aws_events.strict_json import Invalid
from tests.unit.aws_actions.asked import MODELS, Stubbed, gives, request

NUMBERS = {"one": 1, "two": 2, "five": 5, "eight": 8, "ten": 10}
MEMORY = re.compile(rf"[^.]*\b(\d+|{'|'.join(NUMBERS)})[ -](minute|hour)s?\b[^.]*")
"""A sentence with a length of time."""
REPEATABLE: list[tuple[str, str, dict[str, Any], bool]] = [
    ("ecs", "DescribeServices", {"services": ["web"]}, True),
    ("ecs", "ListClusters", {}, True),
    ("ssm", "GetParameter", {"Name": "p"}, True),
    ("s3", "HeadObject", {"Bucket": "bucket", "Key": "k"}, True),
    ("dynamodb", "BatchGetItem", {"RequestItems": {"t": {"Keys": [{"id": {"S": "1"}}]}}}, True),
    ("lambda", "GetFunction", {"FunctionName": "f"}, True),
    ("stepfunctions", "GetActivityTask", {"activityArn": "arn"}, False),
    ("cognito-identity", "GetId", {"IdentityPoolId": "p"}, False),
    ("cognito-identity", "GetOpenIdTokenForDeveloperIdentity", {"IdentityPoolId": "p", "Logins": {"a": "b"}}, False),
    ("cognito-idp", "GetTokensFromRefreshToken", {"RefreshToken": "t", "ClientId": "c"}, False),
    ("sagemaker", "GetScalingConfigurationRecommendation", {"InferenceRecommendationsJobName": "j"}, False),
    ("ecs", "UpdateService", {"service": "web"}, False),
    ("ecs", "RunTask", {"taskDefinition": "t"}, True),
    ("ec2", "RunInstances", {"MinCount": 1, "MaxCount": 1}, True),
    ("ec2", "RebootInstances", {"InstanceIds": ["i-1"]}, False),
    ("ssm", "StartAutomationExecution", {"DocumentName": "AWS-RestartEC2Instance"}, True),
    ("ssm", "SendCommand", {"DocumentName": "AWS-RunShellScript"}, False),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "arn", "name": "restart-1"}, False),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "arn"}, False),
    ("stepfunctions", "RedriveExecution", {"executionArn": "arn"}, False),
    ("stepfunctions", "RedriveExecution", {"executionArn": "arn", "clientToken": "own"}, False),
    ("sqs", "SendMessage", {"QueueUrl": "q", "MessageBody": "m"}, False),
    ("sqs", "SendMessage", {"QueueUrl": "q", "MessageBody": "m", "MessageDeduplicationId": "d"}, False),
    ("sns", "Publish", {"TopicArn": "t", "Message": "m"}, False),
    ("lambda", "Invoke", {"FunctionName": "f"}, False),
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {"id": {"S": "1"}}}, False),
    ("autoscaling", "SetDesiredCapacity", {"AutoScalingGroupName": "g", "DesiredCapacity": 2}, False),
]
PREFIXES = ["ecs", "ssm", "s3", "dynamodb", "lambda", "states", "ec2", "sqs", "sns", "sts", "autoscaling", "sagemaker"]
PREFIXES += ["cognito-identity", "cognito-idp"]
ALL = "s3:GetObject,lambda:InvokeFunction," + ",".join(f"{prefix}:{{0}}" for prefix in PREFIXES)


def shortest_memory(operation: OperationModel) -> float:
    """Seconds for which AWS says that it knows the operation's token again."""
    shape = operation.input_shape
    members = operation.idempotent_members if shape is not None else []
    texts = [shape.members[member].documentation for member in members if shape is not None]
    return min(
        (
            float(NUMBERS.get(said[1]) or said[1]) * (60.0 if said[2] == "minute" else 3600.0)
            for text in (*texts, operation.documentation if texts else "")
            for said in MEMORY.finditer(text)
            if re.search("token|idempoten", said[0], re.IGNORECASE)
        ),
        default=math.inf,
    )


def allowing(operation: str) -> Stubbed:
    return Stubbed([], ALL.format(operation))


@pytest.mark.parametrize(("service", "operation", "parameters", "repeatable"), REPEATABLE)
def test_a_call_may_be_repeated_where_aws_recognises_a_second_one_or_nothing_changes(
    service: str,
    operation: str,
    parameters: dict[str, Any],
    repeatable: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert allowing(operation).actions().prepare(request(service, operation, parameters)).repeatable is repeatable


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "member"),
    [
        ("ecs", "RunTask", {"taskDefinition": "t"}, "clientToken"),
        ("ec2", "RunInstances", {"MinCount": 1, "MaxCount": 1}, "ClientToken"),
        ("ssm", "StartAutomationExecution", {"DocumentName": "d"}, "ClientToken"),
    ],
)
def test_a_token_is_the_same_for_each_copy_of_a_request(
    service: str, operation: str, parameters: dict[str, Any], member: str
) -> None:
    actions = allowing(operation).actions()
    tokens = [actions.prepare(request(service, operation, parameters, key=key)).parameters[member] for key in "aab"]
    assert tokens == [token_of("a"), token_of("a"), token_of("b")]
    own = "01234567-89ab-4def-8123-456789abcdef"
    given = actions.prepare(request(service, operation, parameters | {member: own}))
    assert (given.parameters[member], given.repeatable) == (own, True)


def test_the_request_itself_is_not_changed_by_its_token() -> None:
    asked = request("ecs", "RunTask", {"taskDefinition": "t"})
    allowing("RunTask").actions().prepare(asked)
    assert asked.call.parameters == {"taskDefinition": "t"}


def test_the_tables_name_members_that_botocore_has_and_does_not_mark() -> None:
    for (service, operation), member in TOKENS.items():
        model = MODELS.get_service_model(service).operation_model(operation)
        assert model.input_shape is not None
        assert member in model.input_shape.members
        assert member not in model.idempotent_members


def test_no_token_is_counted_on_that_aws_says_it_forgets_before_the_longest_request_expires() -> None:
    short = {
        (service, name)
        for service in MODELS.get_available_services()
        for model in [MODELS.get_service_model(service)]
        for name in model.operation_names
        if shortest_memory(model.operation_model(name)) < LONGEST
    }
    assert {(service, name) for service, name in short if f"{service}:{name}".lower() not in CLOSED} == FORGOTTEN


@pytest.mark.parametrize(
    ("service", "operation", "problem"),
    [
        ("ecz", "UpdateService", "service: is none that botocore knows"),
        ("ecs", "RestartService", "operation: is none of this service"),
        ("ecs", "Updateservice", "operation: is none of this service"),
    ],
)
def test_what_botocore_does_not_know_is_refused(service: str, operation: str, problem: str) -> None:
    stubbed = Stubbed([], f"{service}:{operation}")
    with pytest.raises(Invalid) as caught:
        stubbed.actions().prepare(request(service, operation, {}))
    assert str(caught.value) == problem
    assert stubbed.made == []


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ecs", "DeleteService", "ecs:DeleteService"),
        ("elbv2", "DeleteLoadBalancer", "elasticloadbalancing:DeleteLoadBalancer"),
        ("s3", "CopyObject", "s3:CopyObject"),
        ("ec2", "UpdateService", "ec2:UpdateService"),
        ("ecz", "UpdateService", "ecz:UpdateService"),
    ],
)
def test_what_is_not_on_the_list_is_refused_before_a_model_is_loaded(service: str, operation: str, action: str) -> None:
    stubbed = Stubbed([], "ecs:UpdateService,s3:PutObject,s3:GetObject")
    with pytest.raises(NotAllowed) as caught:
        stubbed.actions().prepare(request(service, operation, {}))
    assert str(caught.value) == action
    assert stubbed.loaded == stubbed.made == []


def test_with_an_empty_list_nothing_is_allowed() -> None:
    with pytest.raises(NotAllowed, match="ecs:ListClusters"):
        Stubbed([], "").actions().prepare(request("ecs", "ListClusters", {}))


CANARY = "s3cret-value"
SCHEDULED: dict[str, Any] = {"AutoScalingGroupName": "g", "ScheduledActionName": "s"}
OBJECT = {"Bucket": "bucket", "Key": "k"}
NO_FIT = "do not fit the operation"
MALFORMED: list[tuple[str, str, dict[str, Any], str]] = [
    ("ecs", "UpdateService", {}, "parameters.service: is missing"),
    ("ecs", "UpdateService", {"service": 5}, "parameters.service: has the wrong type"),
    ("ecs", "UpdateService", {"service": "w", "desiredCount": CANARY}, "parameters.desiredCount: has the wrong type"),
    ("ecs", "UpdateService", {"service": "w", "desired": CANARY}, "parameters.desired: is not a parameter"),
    ("ecs", "UpdateService", {"service": "w", CANARY + " ": 1}, "parameters: do not fit the operation"),
    ("ecs", "UpdateService", {"service": "w", f"https://{CANARY}": 1}, "parameters.?: is not a parameter"),
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {f"{CANARY}/": 1}}, "parameters.?: has the wrong type"),
    (
        "ecs",
        "UpdateService",
        {"service": "w", "deploymentConfiguration": {"alarms": {"alarmNames": [5], "enable": True, "rollback": True}}},
        "parameters.deploymentConfiguration.alarms.alarmNames[0]: has the wrong type",
    ),
    (
        "ecs",
        "UpdateService",
        {"service": "w", "deploymentConfiguration": {"alarms": {"enable": True}}},
        "parameters.deploymentConfiguration.alarms.alarmNames: is missing",
    ),
    ("ssm", "GetParameter", {"Name": ""}, "parameters.Name: is too short"),
    ("sqs", "ListQueues", {"MaxResults": CANARY}, "parameters.MaxResults: has the wrong type"),
    (
        "ecs",
        "ListTasks",
        {"maxResults": [CANARY]},
        "parameters.maxResults: has the wrong type",
    ),
    ("dynamodb", "ListTables", {"Limit": 0}, "parameters.Limit: is too small"),
    *[
        ("autoscaling", "PutScheduledUpdateGroupAction", SCHEDULED | {"StartTime": time}, f"parameters: {NO_FIT}")
        for time in (1e300, -1e300, "9999999999999999999", "9" * 400, "12:" + "9" * 29, "1h" + "9" * 30)
    ],
    ("sts", "GetCallerIdentity", {"a": 1}, "parameters.a: is not a parameter"),
    ("lambda", "Invoke", {"FunctionName": "f", "ClientContext": "a\nb"}, "parameters.ClientContext: has a line break"),
    ("s3", "PutObject", OBJECT | {"ContentType": "a\rb"}, "parameters.ContentType: has a line break"),
    ("s3", "PutObject", OBJECT | {"Metadata": {"a": "b\n"}}, "parameters.Metadata: has a line break"),
    ("s3", "PutObject", OBJECT | {"Metadata": {"a\r": "b"}}, "parameters.Metadata: has a line break"),
    ("s3", "PutObject", OBJECT | {"Metadata": {"a:b": "c"}}, "parameters.Metadata: has a colon in a name"),
    ("s3", "GetObject", OBJECT | {"Range": "bytes=0-1\r\n"}, "parameters.Range: has a line break"),
    (
        "s3",
        "GetObjectAttributes",
        OBJECT | {"ObjectAttributes": ["a\n"]},
        "parameters.ObjectAttributes: has a line break",
    ),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "problem"), MALFORMED)
def test_parameters_that_do_not_fit_are_refused_by_their_path(
    service: str, operation: str, parameters: dict[str, Any], problem: str
) -> None:
    stubbed = Stubbed([], ALL.format(operation))
    with pytest.raises(Invalid) as caught:
        stubbed.actions().prepare(request(service, operation, parameters))
    assert str(caught.value) == problem
    assert CANARY not in str(caught.value)
    assert stubbed.made == []


def test_a_time_in_a_zone_that_nobody_knows_is_refused_and_none_of_it_shown() -> None:
    operation = MODELS.get_service_model("autoscaling").operation_model("PutScheduledUpdateGroupAction")
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        with pytest.raises(Invalid, match=f"^parameters: {NO_FIT}$"):
            check_parameters(operation, SCHEDULED | {"StartTime": "12:00 SECRE"})
    assert shown == []


def test_a_line_break_that_does_not_stand_in_a_header_is_let_through() -> None:
    put = MODELS.get_service_model("s3").operation_model("PutObject")
    check_parameters(put, {"Bucket": "bucket", "Key": "a\nb", "Body": "c\nd"})
    posted = MODELS.get_service_model("lex-runtime").operation_model("PostContent")  # botocore sends it in base64
    said: dict[str, Any] = {"botName": "b", "botAlias": "a", "userId": "user", "contentType": "c", "inputStream": "i"}
    check_parameters(posted, said | {"sessionAttributes": {"a": "b\nc"}})


def test_an_operation_without_input_takes_no_parameters() -> None:
    operation = MODELS.get_service_model("ses").operation_model("GetSendQuota")
    check_parameters(operation, {})
    with pytest.raises(Invalid, match=r"^parameters: must be empty: the operation takes none$"):
        check_parameters(operation, {"a": 1})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["service", "tags"]), inner),
    max_leaves=15,
)
UPDATE_SERVICE = MODELS.get_service_model("ecs").operation_model("UpdateService")
MEMBERS = sorted(UPDATE_SERVICE.input_shape.members) if UPDATE_SERVICE.input_shape else []


@given(st.dictionaries(st.text() | st.sampled_from(MEMBERS), JSON))
def test_any_parameters_fit_or_are_refused_by_a_path(parameters: dict[str, Any]) -> None:
    problem = Invalid("parameters", "")
    try:
        check_parameters(UPDATE_SERVICE, parameters)
    except Invalid as error:
        problem = error
    assert problem.field.startswith("parameters")


def test_a_client_is_made_once_for_a_service() -> None:
    stubbed = Stubbed([gives()], "ecs:UpdateService")
    actions = stubbed.actions()
    first, second = [actions.prepare(request("ecs", "UpdateService", {"service": name})) for name in ("a", "b")]
    assert stubbed.made == []
    assert first.service.client is second.service.client
    assert stubbed.made == ["ecs"]


def test_parameters_stay_out_of_what_is_shown() -> None:
    asked = request("ecs", "UpdateService", {"service": CANARY})
    assert CANARY not in repr(asked)
    assert CANARY not in repr(allowing("UpdateService").actions().prepare(asked))
