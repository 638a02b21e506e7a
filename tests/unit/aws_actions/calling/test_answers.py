"""Every AWS row of retry-policies.md 2.4, at a stubbed client: how often it was called, and what became of it."""

import re
from ssl import SSLCertVerificationError
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from aws_actions.calling.answers import FAILED_OF_ONE, classify_answer, classify_error, is_denial, request_id_of
from aws_actions.calling.operations import READ
from aws_actions.models import Done, Partly, Passing, Refused, Result, Unknown, Why
from tests.unit.aws_actions.asked import CANARY, MODELS, NOON, Stubbed, fails, gives, request

TOPIC = {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:t", "Message": "m"}
QUEUE = {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": "m"}
STREAM = {"StreamName": "s", "Data": "d", "PartitionKey": "p"}
ITEM = {"TableName": "t", "Item": {"id": {"S": "1"}}}
FUNCTION = {"FunctionName": "f"}
PARAMETER = {"Name": "p", "Value": "v"}
OBJECT = {"Bucket": "bucket", "Key": "k"}
ID = "11111111-2222"

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "sns:Publish": ("sns", "Publish", TOPIC),
    "sqs:SendMessage": ("sqs", "SendMessage", QUEUE),
    "states:StartSyncExecution": ("stepfunctions", "StartSyncExecution", {"stateMachineArn": "arn"}),
    "kinesis:PutRecord": ("kinesis", "PutRecord", STREAM),
    "ssm:PutParameter": ("ssm", "PutParameter", PARAMETER),
    "dynamodb:PutItem": ("dynamodb", "PutItem", ITEM),
    "events:PutRule": ("events", "PutRule", {"Name": "r"}),
    "lambda:InvokeFunction": ("lambda", "Invoke", FUNCTION),
    "lambda:PublishVersion": ("lambda", "PublishVersion", FUNCTION),
    "s3:PutObject": ("s3", "PutObject", OBJECT),
    "s3:GetObject": ("s3", "HeadObject", OBJECT),
    "ec2:RebootInstances": ("ec2", "RebootInstances", {"InstanceIds": ["i-1"]}),
    "ecs:UpdateService": ("ecs", "UpdateService", {"service": "web"}),
    "secretsmanager:GetSecretValue": ("secretsmanager", "GetSecretValue", {"SecretId": "s"}),
}

ANSWERS: dict[str, dict[str, Any]] = {
    "kinesis:PutRecord": {"ShardId": "s", "SequenceNumber": "1"},
    "states:StartSyncExecution": {"executionArn": "arn", "startDate": NOON, "stopDate": NOON, "status": "SUCCEEDED"},
}
"""What botocore's model demands of an answer."""

PASSING = [
    ("sns:Publish", "KMSThrottling", 400, Why.THROTTLED),
    ("sns:Publish", "Throttled", 429, Why.THROTTLED),
    ("sqs:SendMessage", "KmsThrottled", 400, Why.THROTTLED),
    ("sqs:SendMessage", "KMS.ThrottlingException", 400, Why.THROTTLED),
    ("states:StartSyncExecution", "KmsThrottlingException", 400, Why.THROTTLED),
    ("kinesis:PutRecord", "KMSThrottlingException", 400, Why.THROTTLED),
    ("kinesis:PutRecord", "LimitExceededException", 400, Why.THROTTLED),
    ("ecs:UpdateService", "ThrottlingException", 400, Why.THROTTLED),
    ("ec2:RebootInstances", "RequestLimitExceeded", 503, Why.THROTTLED),
    ("ecs:UpdateService", "ThrottledRequestException", 400, Why.THROTTLED),
    ("ecs:UpdateService", "TooManyRequestException", 400, Why.THROTTLED),
    ("lambda:InvokeFunction", "EC2ThrottledException", 502, Why.THROTTLED),
    ("ssm:PutParameter", "TooManyUpdates", 400, Why.UNREACHABLE),
    ("dynamodb:PutItem", "TransactionConflictException", 400, Why.UNREACHABLE),
    ("events:PutRule", "ConcurrentModificationException", 400, Why.UNREACHABLE),
    ("lambda:PublishVersion", "ResourceConflictException", 409, Why.UNREACHABLE),
    ("lambda:InvokeFunction", "SnapStartNotReadyException", 409, Why.UNREACHABLE),
    ("s3:PutObject", "OperationAborted", 409, Why.UNREACHABLE),
    ("s3:PutObject", "ConditionalRequestConflict", 409, Why.UNREACHABLE),
    ("ssm:PutParameter", "408", 408, Why.UNREACHABLE),
    ("ecs:UpdateService", "ServiceUnavailable", 503, Why.UNREACHABLE),
]

REFUSED = [
    ("lambda:InvokeFunction", "InvalidZipFileException", 502),
    ("lambda:InvokeFunction", "InvalidRuntimeException", 502),
    ("lambda:InvokeFunction", "InvalidSecurityGroupIDException", 502),
    ("secretsmanager:GetSecretValue", "LimitExceededException", 400),
    ("dynamodb:PutItem", "LimitExceededException", 400),
    ("events:PutRule", "LimitExceededException", 400),
    ("ecs:UpdateService", "ValidationException", 400),
    ("ec2:RebootInstances", "InvalidParameterValue", 400),
    ("ecs:UpdateService", "ServiceNotFoundException", 400),
    ("sqs:SendMessage", "QueueDoesNotExist", 400),
    ("sqs:SendMessage", "AWS.SimpleQueueService.NonExistentQueue", 400),
    ("ssm:PutParameter", "ParameterNotFound", 400),
    ("sqs:SendMessage", "ReceiptHandleIsInvalid", 400),
    ("sqs:SendMessage", "MessageNotInflight", 400),
    ("sns:Publish", "EndpointDisabled", 400),
    ("dynamodb:PutItem", "ConditionalCheckFailedException", 400),
    ("dynamodb:PutItem", "TransactionCanceledException", 400),
    ("ecs:UpdateService", "ServiceQuotaExceededException", 402),
    ("states:StartSyncExecution", "ExecutionAlreadyExists", 400),
]

DENIED = [
    ("ecs:UpdateService", "AccessDeniedException", 400),
    ("sqs:SendMessage", "AccessDenied", 403),
    ("sns:Publish", "AuthorizationError", 403),
    ("ec2:RebootInstances", "UnauthorizedOperation", 403),
    ("ec2:RebootInstances", "AuthFailure", 401),
    ("s3:GetObject", "403", 403),
    ("ecs:UpdateService", "InvalidClientTokenId", 403),
    ("ecs:UpdateService", "UnrecognizedClientException", 400),
    ("ecs:UpdateService", "SignatureDoesNotMatch", 403),
    ("sns:Publish", "KMSDisabled", 400),
    ("sns:Publish", "KMSNotFound", 400),
    ("sns:Publish", "KMSInvalidState", 400),
    ("sns:Publish", "KMSAccessDenied", 400),
    ("sns:Publish", "KMSOptInRequired", 403),
    ("lambda:InvokeFunction", "KMSAccessDeniedException", 502),
    ("lambda:InvokeFunction", "EC2AccessDeniedException", 502),
    ("sqs:SendMessage", "KmsAccessDenied", 400),
    ("sqs:SendMessage", "KMS.AccessDeniedException", 400),
    ("states:StartSyncExecution", "KmsAccessDeniedException", 400),
    ("secretsmanager:GetSecretValue", "DecryptionFailure", 400),
    ("ecs:UpdateService", "ForbiddenException", 403),
    ("ecs:UpdateService", "UnauthorizedException", 401),
    ("ecs:UpdateService", "NotAuthorizedException", 400),
    ("ecs:UpdateService", "NotAuthorized", 400),
    ("ecs:UpdateService", "OptInRequired", 403),
    ("ecs:UpdateService", "MissingAuthenticationToken", 403),
    ("ecs:UpdateService", "OperationNotPermittedFault", 400),
]

AMBIGUOUS = [("InternalFailure", 500), ("InternalServerError", 500), ("BadGateway", 502), ("GatewayTimeout", 504)]


def ask(action: str, *answers: Any) -> tuple[int, Result]:  # noqa: ANN401 - what a stub answers
    service, operation, parameters = CALLS[action]
    stubbed = Stubbed([*answers], action)
    _, result = stubbed.ask(request(service, operation, parameters))
    assert CANARY not in repr(result)
    assert stubbed.made == [service]
    return len(stubbed.calls), result


@pytest.mark.parametrize(("action", "code", "status", "why"), PASSING)
def test_what_passes_is_repeated_and_then_handed_on(action: str, code: str, status: int, why: Why) -> None:
    assert ask(action, fails(code, status), gives(ANSWERS.get(action))) == (2, Done("99999999-8888"))
    assert ask(action, *[fails(code, status)] * 4) == (4, Passing(why, code, 0.0, ID))


@pytest.mark.parametrize(("action", "code", "status"), REFUSED)
def test_what_is_permanent_is_asked_once(action: str, code: str, status: int) -> None:
    assert ask(action, fails(code, status)) == (1, Refused(code, ID))


@pytest.mark.parametrize(("action", "code", "status"), DENIED)
def test_a_denial_is_asked_once_and_may_be_mended(action: str, code: str, status: int) -> None:
    assert ask(action, fails(code, status)) == (1, Passing(Why.DENIED, code, 0.0, ID))


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed"])
def test_an_expired_signature_is_tried_once_more(code: str) -> None:
    assert ask("ecs:UpdateService", fails(code), fails(code)) == (2, Passing(Why.UNREACHABLE, code, 0.0, ID))


@pytest.mark.parametrize(("code", "status"), AMBIGUOUS)
@pytest.mark.parametrize("action", ["sns:Publish", "sqs:SendMessage", "lambda:InvokeFunction", "ec2:RebootInstances"])
def test_what_may_have_been_done_is_not_done_again(action: str, code: str, status: int) -> None:
    assert ask(action, fails(code, status)) == (1, Unknown(code, ID))


@pytest.mark.parametrize(("code", "status"), AMBIGUOUS)
def test_a_read_is_repeated_whatever_became_of_it(code: str, status: int) -> None:
    assert ask("secretsmanager:GetSecretValue", fails(code, status), gives()) == (2, Done("99999999-8888"))
    four = [fails(code, status)] * 4
    assert ask("secretsmanager:GetSecretValue", *four) == (4, Passing(Why.UNANSWERED, code, 0.0, ID))


def test_a_wait_that_is_too_long_is_handed_on_at_once() -> None:
    calls, result = ask("ecs:UpdateService", fails("ThrottlingException", 400, **{"x-amz-retry-after": "90000"}))
    assert (calls, result) == (1, Passing(Why.THROTTLED, "ThrottlingException", 90.0, ID))


def test_a_queue_with_too_much_in_flight_is_handed_on_at_once() -> None:
    calls, result = ask("sqs:SendMessage", fails("OverLimit", 403))
    assert (calls, result) == (1, Passing(Why.THROTTLED, "OverLimit", 60.0, ID))


@pytest.mark.parametrize("text", ["https://secret", "two words", "", "x" * 81])
def test_a_code_that_looks_like_none_goes_no_further(text: str) -> None:
    assert ask("ecs:UpdateService", fails(text)) == (1, Refused("unknown_code", ID))


@pytest.mark.parametrize("value", [None, 5, "short", "x" * 65, "with space", "a\nb-cdefgh"])
def test_a_request_id_that_looks_like_none_goes_no_further(value: object) -> None:
    assert request_id_of({"ResponseMetadata": {"RequestId": value}}) == ""


@pytest.mark.parametrize("answer", [None, "x", {}, {"ResponseMetadata": None}, {"ResponseMetadata": []}])
def test_an_answer_may_have_no_request_id(answer: object) -> None:
    assert request_id_of(answer) == ""


@pytest.mark.parametrize(
    ("action", "answer", "code"),
    [
        ("lambda:InvokeFunction", {"FunctionError": "Unhandled", "StatusCode": 200}, "FunctionError_in_answer"),
        ("lambda:InvokeFunction", {"StatusCode": 202}, None),
    ],
)
def test_an_answer_that_says_200_may_say_that_it_failed(action: str, answer: dict[str, Any], code: str | None) -> None:
    expected = Done("99999999-8888") if code is None else Partly(code, "99999999-8888")
    assert ask(action, gives(answer)) == (1, expected)


@pytest.mark.parametrize(
    ("service", "operation", "action", "parameters", "answer"),
    [
        (
            "ecs",
            "RunTask",
            "ecs:RunTask",
            {"taskDefinition": "t"},
            {"tasks": [], "failures": [{"reason": CANARY}]},
        ),
        (
            "events",
            "PutEvents",
            "events:PutEvents",
            {"Entries": [{"Source": "s"}]},
            {"FailedEntryCount": 1, "Entries": []},
        ),
        (
            "sns",
            "PublishBatch",
            "sns:Publish",
            {"TopicArn": "t", "PublishBatchRequestEntries": [{"Id": "1", "Message": "m"}]},
            {"Failed": [{"Id": "1", "Code": "x", "SenderFault": True}]},
        ),
    ],
)
def test_a_part_that_failed_is_no_success(
    service: str, operation: str, action: str, parameters: dict[str, Any], answer: dict[str, Any]
) -> None:
    prepared, result = Stubbed([gives(answer)], action).ask(request(service, operation, parameters))
    assert isinstance(result, Refused if prepared.repeatable else Partly)
    assert result.code.endswith("_in_answer")
    assert CANARY not in repr(result)


SAID: list[tuple[str, str, dict[str, Any], str]] = [
    ("stepfunctions", "StartSyncExecution", {"status": "FAILED", "error": CANARY}, "status"),
    ("stepfunctions", "StartSyncExecution", {"status": "TIMED_OUT"}, "status"),
    ("ec2", "CreateFleet", {"FleetId": "f", "Errors": [{"ErrorCode": "x"}], "Instances": []}, "Errors"),
    ("ec2", "DeleteFleets", {"UnsuccessfulFleetDeletions": [{}]}, "UnsuccessfulFleetDeletions"),
    ("ecs", "UpdateContainerInstancesState", {"failures": [{"reason": "MISSING"}]}, "failures"),
    ("batch", "TerminateJobs", {"errors": [{}]}, "errors"),
    ("dynamodb", "BatchWriteItem", {"UnprocessedItems": {"t": []}}, "UnprocessedItems"),
    ("kinesis", "PutRecords", {"FailedRecordCount": 1}, "FailedRecordCount"),
    ("logs", "PutLogEvents", {"rejectedLogEventsInfo": {"expiredLogEventEndIndex": 1}}, "rejectedLogEventsInfo"),
    ("ssm", "DeleteParameters", {"InvalidParameters": ["p"]}, "InvalidParameters"),
    ("codebuild", "BatchDeleteBuilds", {"buildsDeleted": ["b"], "buildsNotDeleted": [{}]}, "buildsNotDeleted"),
    ("codedeploy", "DeleteDeploymentGroup", {"hooksNotCleanedUp": [{}]}, "hooksNotCleanedUp"),
    ("quicksight", "BatchCreateTopicReviewedAnswer", {"InvalidAnswers": [{}]}, "InvalidAnswers"),
    ("ec2", "RevokeSecurityGroupIngress", {"Return": True, "UnknownIpPermissions": [{}]}, "UnknownIpPermissions"),
    ("datazone", "CreateProject", {"failureReasons": [{"code": "x"}]}, "failureReasons"),
    ("datazone", "CreateDataSource", {"errorMessage": {"errorType": "x"}}, "errorMessage"),
    ("datazone", "CreateNotebook", {"error": {"message": CANARY}}, "error"),
    ("datapipeline", "PutPipelineDefinition", {"errored": True}, "errored"),
]


@pytest.mark.parametrize(("service", "operation", "answer", "part"), SAID)
def test_whatever_names_what_failed_is_no_success(
    service: str, operation: str, answer: dict[str, Any], part: str
) -> None:
    assert classify_answer(service, operation, answer, repeatable=False) == Partly(f"{part}_in_answer")
    assert classify_answer(service, operation, answer, repeatable=True) == Refused(f"{part}_in_answer")


@pytest.mark.parametrize(
    ("service", "operation", "answer"),
    [
        ("ecs", "RunTask", {"tasks": [{}], "failures": []}),
        ("kinesis", "PutRecords", {"FailedRecordCount": 0}),
        ("datapipeline", "PutPipelineDefinition", {"errored": False, "validationWarnings": [{}]}),
        ("redshift", "CancelResize", {"Status": "CANCELLING", "ImportTablesNotStarted": ["t"]}),
        ("datazone", "GetProject", {"failureReasons": [{"code": "x"}]}),
        ("datazone", "UpdateDataSource", {"errorMessage": {"errorType": "x"}}),
        ("datazone", "GetNotebook", {"error": {"message": "x"}}),
        ("stepfunctions", "StartSyncExecution", {"status": "SUCCEEDED"}),
        ("ssm", "UpdateMaintenanceWindowTask", {"MaxErrors": "5"}),
        ("ssm", "UpdatePatchBaseline", {"RejectedPatches": ["p"], "RejectedPatchesAction": "BLOCK"}),
        ("lambda", "UpdateEventSourceMapping", {"BisectBatchOnFunctionError": True, "FilterCriteriaError": {"x": 1}}),
    ],
)
def test_what_only_sounds_like_a_failure_is_done(service: str, operation: str, answer: dict[str, Any]) -> None:
    assert classify_answer(service, operation, answer, repeatable=False) == Done("")


SOUNDS = re.compile(r"(?i:fail|error|unproc|unsucc|reject|invalid|unknown)|Not[A-Z]")
MANY: dict[str, object] = {"list": ["x"], "map": {"x": "y"}, "integer": 1, "long": 1}
NO_FAILURES = {"RejectedPatches", "ImportTablesNotStarted", "attributesNotInterpolated", "failureReasons"}
"""What is said back as it was asked for; what a resize that is cancelled had not come to; what a text left open; why
an object was in a bad state, but where it was made just now."""


@pytest.mark.parametrize("service", MODELS.get_available_services())
def test_each_list_and_count_of_failures_that_a_model_has_is_read(service: str) -> None:
    model = MODELS.get_service_model(service)
    changes = [model.operation_model(name) for name in model.operation_names if not READ.fullmatch(name)]
    for operation in changes:
        members = operation.output_shape.members if operation.output_shape else {}
        for name, shape in members.items():
            if SOUNDS.search(name) and shape.type_name in MANY and name not in NO_FAILURES:
                some = MANY[shape.type_name]
                result = classify_answer(service, operation.name, {name: some}, repeatable=False)
                assert result == Partly(f"{name}_in_answer"), operation.name


class Body:
    """A body that streams: reading it would be keeping part of the answer."""

    def __init__(self) -> None:
        self.is_closed = False

    def read(self) -> bytes:
        raise AssertionError("nobody reads the answer")

    def close(self) -> None:
        self.is_closed = True


def test_a_body_is_closed_unread() -> None:
    body = Body()
    assert ask("lambda:InvokeFunction", gives({"Payload": body, "StatusCode": 200})) == (1, Done("99999999-8888"))
    assert body.is_closed


UNREACHED = [
    (EndpointConnectionError(endpoint_url="https://secret"), 4, Passing(Why.UNREACHABLE, "not_sent")),
    (ConnectTimeoutError(endpoint_url="https://secret"), 4, Passing(Why.UNREACHABLE, "not_sent")),
    (ReadTimeoutError(endpoint_url="https://secret"), 1, Unknown("unanswered")),
    (SSLError(endpoint_url="https://secret", error=OSError("x")), 1, Unknown("unanswered")),
    (ResponseParserError("b'secret'"), 1, Unknown("body")),
    (NoCredentialsError(), 1, Passing(Why.DENIED, "NoCredentialsError")),
    (SSLError(endpoint_url="https://secret", error=SSLCertVerificationError()), 1, Passing(Why.TLS, "certificate")),
]


@pytest.mark.parametrize(("error", "calls", "expected"), UNREACHED)
def test_what_botocore_raises_itself_is_judged(error: Exception, calls: int, expected: Result) -> None:
    stubbed = Stubbed([], "ecs:UpdateService")
    actions = stubbed.actions()
    prepared = actions.prepare(request("ecs", "UpdateService", {"service": "web"}))

    def raises(**_: object) -> None:
        raise error

    prepared.service.client.meta.events.register("provide-client-params", raises)
    assert actions.make(prepared, stubbed.time.deadline(50), within=900) == expected
    assert len(stubbed.calls) == calls


def test_no_call_is_made_when_there_is_no_time() -> None:
    stubbed = Stubbed([], "ecs:UpdateService")
    actions = stubbed.actions()
    prepared = actions.prepare(request("ecs", "UpdateService", {"service": "web"}))
    assert actions.make(prepared, stubbed.time.deadline(0.1), within=900) == Passing(Why.NOT_ATTEMPTED, "deadline")
    assert stubbed.calls == []


def test_a_client_that_cannot_be_made_has_called_nothing() -> None:
    assert classify_error(NoRegionError(), repeatable=False) == Passing(Why.NOT_ATTEMPTED, "NoRegionError")


def test_a_throttled_service_gets_no_more_retries_than_its_budget_has() -> None:
    stubbed = Stubbed([], "ecs:UpdateService")
    actions = stubbed.actions()
    prepared = actions.prepare(request("ecs", "UpdateService", {"service": "web"}))
    assert prepared.service.client
    assert stubbed.stubber is not None
    for _ in range(20 + 10):
        fails("ThrottlingException")(stubbed.stubber, "UpdateService")
    prepared = actions.prepare(request("ecs", "UpdateService", {"service": "web"}))
    results = [actions.make(prepared, stubbed.time.deadline(50), within=900) for _ in range(20)]
    assert len(stubbed.calls) == 30
    assert {type(result) for result in results} == {Passing}


@pytest.mark.parametrize(
    "code",
    [
        "ValidationException",
        "ThrottlingException",
        "KeyNotFound",
        "Denied",
        "AuthorizationNotFound",
        "KMSInvalidMacException",
    ],
)
def test_what_is_no_denial_is_not_taken_for_one(code: str) -> None:
    assert not is_denial(code)


NOT_FOR_YOU = re.compile(
    r"(?:user|caller|client|you)\b.{0,20} (?:not|[a-z]+n't) (?:currently )?"
    r"(?:authorized|permitted|have (?:the |sufficient )?(?:permission|access))",
    re.IGNORECASE,
)
"""What a model says of an error that denies the caller something."""
ON_BUSINESS = """
    AccessPointLimitExceeded ConnectorAuthenticationException DBClusterEndpointQuotaExceededFault
    DBClusterQuotaExceededFault DestinationNotAllowedException DomainNotWhitelistedException EFSMountFailureException
    FileSystemLimitExceeded FilterPolicyLimitExceeded IDPRejectedClaim IdentityTypeNotSupportedException
    InsufficientDBClusterCapacityFault InvalidAuthenticationCode InvalidClientException InvalidObjectState
    InvalidPasswordException LimitExceededException ObjectAlreadyInActiveTierError ObjectNotInActiveTierError
    OutboundContactNotPermittedException OutboundWebIdentityFederationDisabledException PendingVerification
    RealtimeLogConfigOwnerMismatch RegionDisabledException ReplayLimitExceeded S3FilesMountFailureException
    SessionDurationEscalationException SubscriptionLimitExceeded SubscriptionRequiredException TopicLimitExceeded
    UnsupportedPricingPlanException UnsupportedUserEditionException
"""
"""Refused with 401 or 403, but not for want of a right: a limit, a state, a wrong password, the account's settings."""
ON_OTHER_GROUNDS = """
    ClientException InvalidInstanceId InvalidOperationException InvalidResourceException InvalidTarget
    LicenseNotFoundException VPCAssociationAuthorizationNotFound WAFEntityMigrationException
"""
"""What a model says of a missing right is one cause among others, which nobody can tell apart by the code."""


def test_what_a_model_calls_a_denial_is_one_but_for_what_is_refused_for_other_reasons() -> None:
    denied = set()
    for service in MODELS.get_available_services():
        model = MODELS.get_service_model(service)
        for shape in map(model.shape_for, model.shape_names):
            facts = shape.metadata.get("error", {})
            if shape.metadata.get("exception") and (
                facts.get("httpStatusCode") in {401, 403} or NOT_FOR_YOU.search(shape.documentation)
            ):
                denied.add(facts.get("code") or shape.name)
    assert {code for code in denied if not is_denial(code)} == {*ON_BUSINESS.split(), *ON_OTHER_GROUNDS.split()}


def test_the_table_of_failures_names_what_botocore_has() -> None:
    for (service, operation), member in FAILED_OF_ONE.items():
        answer = MODELS.get_service_model(service).operation_model(operation).output_shape
        assert answer is not None
        assert member in answer.members
