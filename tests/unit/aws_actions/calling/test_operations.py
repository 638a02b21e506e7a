import math
import re
import warnings
from typing import Any

import pytest
from botocore.model import OperationModel
from hypothesis import given
from hypothesis import strategies as st

from aws_actions.call_fields import LONGEST_EXPIRES_AFTER
from aws_actions.calling.allow_list import NEVER_ALLOWED
from aws_actions.calling.operations import (
    SHORT_LIVED_TOKENS,
    TOKENS,
    check_parameters,
    idempotency_tokens,
    is_read,
    is_recognised,
)
from aws_actions.tokens import idempotency_token
from aws_events.strict_json import Invalid
from tests.unit.aws_actions.builders import CANARY, MODELS


def model(service: str, operation: str) -> OperationModel:
    return MODELS.get_service_model(service).operation_model(operation)


@pytest.mark.parametrize(
    ("service", "operations", "is_a_read"),
    [
        ("ecs", "DescribeServices ListClusters", True),
        ("ssm", "GetParameter", True),
        ("s3", "HeadObject", True),
        ("dynamodb", "BatchGetItem", True),
        ("lambda", "GetFunction", True),
        ("stepfunctions", "GetActivityTask", False),
        ("cognito-identity", "GetId GetOpenIdTokenForDeveloperIdentity", False),
        ("cognito-idp", "GetTokensFromRefreshToken", False),
        ("sagemaker", "GetScalingConfigurationRecommendation", False),
        ("ecs", "UpdateService", False),
        ("dynamodb", "PutItem", False),
    ],
)
def test_a_read_changes_nothing(service: str, operations: str, is_a_read: bool) -> None:  # noqa: FBT001 - a table's column
    assert {is_read(model(service, one)) for one in operations.split()} == {is_a_read}


@pytest.mark.parametrize(
    ("service", "operation", "token"),
    [
        ("ecs", "RunTask", "clientToken"),
        ("ec2", "RunInstances", "ClientToken"),
        ("ssm", "StartAutomationExecution", "ClientToken"),
        ("ecs", "UpdateService", None),
        ("ssm", "SendCommand", None),
        ("stepfunctions", "StartExecution", None),
        ("sqs", "SendMessage", None),
        ("lambda", "Invoke", None),
    ],
)
def test_a_second_call_is_recognised_by_the_token_of_its_request(
    service: str, operation: str, token: str | None
) -> None:
    tokens = idempotency_tokens(service, model(service, operation), "k1")
    assert tokens == ({token: idempotency_token("k1")} if token else {})
    assert is_recognised(service, model(service, operation), tokens) is bool(token)
    names: dict[str, Any] = {"name": "restart-1", "MessageDeduplicationId": "d"}
    assert is_recognised(service, model(service, operation), names) is False


def test_a_token_that_aws_soon_forgets_does_not_count() -> None:
    redrive = model("stepfunctions", "RedriveExecution")
    assert not is_recognised("stepfunctions", redrive, {"clientToken": "own"})


def test_the_table_of_tokens_names_members_that_botocore_has_and_does_not_mark() -> None:
    for (service, operation), member in TOKENS.items():
        shape = model(service, operation).input_shape
        assert shape is not None
        assert member in shape.members
        assert member not in model(service, operation).idempotent_members


NUMBERS = {"one": 1, "two": 2, "five": 5, "eight": 8, "ten": 10}
DURATION = re.compile(rf"[^.]*\b(\d+|{'|'.join(NUMBERS)})[ -](minute|hour)s?\b[^.]*")
"""A sentence with a duration."""


def shortest_memory(operation: OperationModel) -> float:
    """Return the seconds for which AWS, by its documentation, remembers the operation's token."""
    shape = operation.input_shape
    members = operation.idempotent_members if shape is not None else []
    texts = [shape.members[member].documentation for member in members if shape is not None]
    return min(
        (
            float(NUMBERS.get(found[1]) or found[1]) * (60.0 if found[2] == "minute" else 3600.0)
            for text in (*texts, operation.documentation if texts else "")
            for found in DURATION.finditer(text)
            if re.search("token|idempoten", found[0], re.IGNORECASE)
        ),
        default=math.inf,
    )


def test_no_token_counts_that_aws_forgets_before_the_longest_request_expires() -> None:
    short = {
        (service, name)
        for service in MODELS.get_available_services()
        for name in MODELS.get_service_model(service).operation_names
        if shortest_memory(model(service, name)) < LONGEST_EXPIRES_AFTER
    }
    allowed = {(service, name) for service, name in short if f"{service}:{name}".lower() not in NEVER_ALLOWED}
    assert allowed == SHORT_LIVED_TOKENS


SERVICE = {"service": "w"}
SCHEDULED: dict[str, Any] = {"AutoScalingGroupName": "g", "ScheduledActionName": "s"}
OBJECT = {"Bucket": "bucket", "Key": "k"}
TYPE, UNKNOWN = "has the wrong type", "is not a parameter"
BREAK, NO_FIT = "has a line break", "do not fit the operation"
MALFORMED: list[tuple[str, str, dict[str, Any], str]] = [
    ("ecs", "UpdateService", {}, ".service: is missing"),
    ("ecs", "UpdateService", {"service": 5}, f".service: {TYPE}"),
    ("ecs", "UpdateService", SERVICE | {"desiredCount": CANARY}, f".desiredCount: {TYPE}"),
    ("ecs", "UpdateService", SERVICE | {"desired": CANARY}, f".desired: {UNKNOWN}"),
    ("ecs", "UpdateService", SERVICE | {CANARY + " ": 1}, f": {NO_FIT}"),
    ("ecs", "UpdateService", SERVICE | {f"https://{CANARY}": 1}, f".?: {UNKNOWN}"),
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {f"{CANARY}/": 1}}, f".?: {TYPE}"),
    ("ecs", "UpdateService", SERVICE | {"loadBalancers": [5]}, f".loadBalancers[0]: {TYPE}"),
    ("ecs", "RunTask", {"taskDefinition": "t", "overrides": {"cpu": 5}}, f".overrides.cpu: {TYPE}"),
    ("ssm", "GetParameter", {"Name": ""}, ".Name: is too short"),
    ("dynamodb", "ListTables", {"Limit": 0}, ".Limit: is too small"),
    *(
        ("autoscaling", "PutScheduledUpdateGroupAction", SCHEDULED | {"StartTime": time}, f": {NO_FIT}")
        for time in (1e300, -1e300, "9" * 19, "9" * 400, "12:" + "9" * 29, "1h" + "9" * 30, "12:00 SECRE")
    ),
    ("sts", "GetCallerIdentity", {"a": 1}, f".a: {UNKNOWN}"),
    ("ses", "GetSendQuota", {"a": 1}, ": must be empty: the operation takes none"),
    ("lambda", "Invoke", {"FunctionName": "f", "ClientContext": "a\nb"}, f".ClientContext: {BREAK}"),
    ("s3", "PutObject", OBJECT | {"ContentType": "a\rb"}, f".ContentType: {BREAK}"),
    ("s3", "PutObject", OBJECT | {"Metadata": {"a": "b\n"}}, f".Metadata: {BREAK}"),
    ("s3", "PutObject", OBJECT | {"Metadata": {"a\r": "b"}}, f".Metadata: {BREAK}"),
    ("s3", "PutObject", OBJECT | {"Metadata": {"a:b": "c"}}, ".Metadata: has a colon in a name"),
    ("s3", "GetObjectAttributes", OBJECT | {"ObjectAttributes": ["a\n"]}, f".ObjectAttributes: {BREAK}"),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "problem"), MALFORMED)
def test_parameters_that_do_not_fit_are_refused_by_their_path(
    service: str, operation: str, parameters: dict[str, Any], problem: str
) -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        with pytest.raises(Invalid) as caught:
            check_parameters(model(service, operation), parameters)
    assert str(caught.value) == f"parameters{problem}"
    assert shown == []  # a warning of dateutil would show the text


def test_parameters_that_fit_are_accepted() -> None:
    check_parameters(model("ses", "GetSendQuota"), {})
    check_parameters(model("s3", "PutObject"), {"Bucket": "bucket", "Key": "a\nb", "Body": "c\nd"})  # not in a header
    post: dict[str, Any] = {"botName": "b", "botAlias": "a", "userId": "user", "contentType": "c", "inputStream": "i"}
    # botocore sends these attributes in base64
    check_parameters(model("lex-runtime", "PostContent"), post | {"sessionAttributes": {"a": "b\nc"}})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["service", "tags"]), inner),
    max_leaves=15,
)
UPDATE_SERVICE = model("ecs", "UpdateService")
MEMBERS = sorted(UPDATE_SERVICE.input_shape.members) if UPDATE_SERVICE.input_shape else []


@given(st.dictionaries(st.text() | st.sampled_from(MEMBERS), JSON))
def test_any_parameters_fit_or_are_refused_by_a_path(parameters: dict[str, Any]) -> None:
    try:
        check_parameters(UPDATE_SERVICE, parameters)
    except Invalid as problem:
        assert problem.field.startswith("parameters")  # noqa: PT017 - parameters that fit raise nothing
