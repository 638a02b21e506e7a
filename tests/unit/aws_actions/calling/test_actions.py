"""Requests become calls of a aws client; retry_policies' own tests hold which code is which kind of error."""

from ssl import SSLCertVerificationError
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, ReadTimeoutError, SSLError
from botocore.parsers import ResponseParserError

from aws_actions.calling.actions import Prepared
from aws_actions.models import Done, NotAllowed, PartlyFailed, Refused, Result, Retryable, Unknown
from aws_events.strict_json import Invalid
from outcomes.outcome import LaterReason
from tests.unit.aws_actions.builders import CANARY, Answer, ScriptedAws, fails, gives, request

ID = "11111111-2222"
DONE = Done("99999999-8888")
UPDATE = ("ecs", "UpdateService", {"service": "web"})
READ = ("secretsmanager", "GetSecretValue", {"SecretId": "s"})
INVOKE = ("lambda", "Invoke", {"FunctionName": "f"})
SEND = ("sqs", "SendMessage", {"QueueUrl": "q", "MessageBody": "m"})
ACTIONS = "ecs:UpdateService,ecs:RunTask,secretsmanager:GetSecretValue,lambda:InvokeFunction,sqs:SendMessage"


def make(call: tuple[str, str, dict[str, Any]], *answers: Answer, seconds: float = 50) -> tuple[int, Result]:
    """Make a call; return the number of attempts, and the result."""
    aws = ScriptedAws([*answers], ACTIONS)
    actions = aws.actions()
    result = actions.make(actions.prepare(request(*call)), aws.time.deadline(seconds), within=900)
    assert CANARY not in repr(result)
    assert aws.made == [call[0]]
    return aws.attempts, result


THROTTLED = fails("ThrottlingException")


@pytest.mark.parametrize(
    ("call", "answers", "attempts", "expected"),
    [
        (UPDATE, [THROTTLED, gives()], 2, DONE),
        (UPDATE, [THROTTLED] * 4, 4, Retryable(LaterReason.THROTTLED, "ThrottlingException", 0.0, ID)),
        (UPDATE, [fails("X", 503)] * 4, 4, Retryable(LaterReason.UNREACHABLE, "X", 0.0, ID)),
        (UPDATE, [fails("ValidationException")], 1, Refused("ValidationException", ID)),
        (UPDATE, [fails("AccessDeniedException")], 1, Retryable(LaterReason.DENIED, "AccessDeniedException", 0.0, ID)),
        (UPDATE, [fails("ExpiredToken")] * 2, 2, Retryable(LaterReason.UNREACHABLE, "ExpiredToken", 0.0, ID)),
        (UPDATE, [fails("SignatureDoesNotMatch", 403), gives()], 2, DONE),
        (UPDATE, [fails("AuthFailure", 403)] * 2, 2, Retryable(LaterReason.DENIED, "AuthFailure", 0.0, ID)),
        (UPDATE, [fails("InternalFailure", 500)], 1, Unknown("InternalFailure", ID)),
        (SEND, [fails("BadGateway", 502)], 1, Unknown("BadGateway", ID)),
        (INVOKE, [fails("GatewayTimeout", 504)], 1, Unknown("GatewayTimeout", ID)),
        (READ, [fails("InternalFailure", 500), gives()], 2, DONE),
        (READ, [fails("X", 500)] * 4, 4, Retryable(LaterReason.UNANSWERED, "X", 0.0, ID)),
        (SEND, [fails("OverLimit", 403)], 1, Retryable(LaterReason.THROTTLED, "OverLimit", 60.0, ID)),
        (UPDATE, [fails("two words " + CANARY)], 1, Refused("unknown_code", ID)),
        (INVOKE, [gives({"FunctionError": CANARY})], 1, PartlyFailed("FunctionError_in_answer", DONE.request_id)),
        (
            ("ecs", "RunTask", {"taskDefinition": "t"}),
            [gives({"tasks": [], "failures": [{"reason": CANARY}]})],
            1,
            Refused("failures_in_answer", DONE.request_id),
        ),
    ],
)
def test_a_call_ends_as_aws_answers(
    call: tuple[str, str, dict[str, Any]], answers: list[Answer], attempts: int, expected: Result
) -> None:
    assert make(call, *answers) == (attempts, expected)


URL = "https://secret"


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (EndpointConnectionError(endpoint_url=URL), 4, Retryable(LaterReason.UNREACHABLE, "not_sent")),
        (ReadTimeoutError(endpoint_url=URL), 1, Unknown("unanswered")),
        (SSLError(endpoint_url=URL, error=OSError("x")), 1, Unknown("unanswered")),
        (ResponseParserError("b'secret'"), 1, Unknown("body")),
        (NoCredentialsError(), 1, Retryable(LaterReason.DENIED, "NoCredentialsError")),
        (SSLError(endpoint_url=URL, error=SSLCertVerificationError()), 1, Retryable(LaterReason.TLS, "certificate")),
    ],
)
def test_an_error_of_botocore_itself_has_a_result(error: Exception, attempts: int, expected: Result) -> None:
    assert make(UPDATE, *[error] * attempts) == (attempts, expected)


def test_a_wait_that_does_not_fit_is_returned_at_once() -> None:
    slow: dict[str, Any] = {"x-amz-retry-after": "90000"}
    expected = Retryable(LaterReason.THROTTLED, "ThrottlingException", 90.0, ID)
    assert make(UPDATE, fails("ThrottlingException", 400, **slow)) == (1, expected)


def test_no_call_is_made_without_time() -> None:
    assert make(UPDATE, seconds=0.1) == (0, Retryable(LaterReason.NOT_ATTEMPTED, "deadline"))


def test_a_client_is_made_once_for_a_service_and_at_its_first_call() -> None:
    aws = ScriptedAws([], ACTIONS)
    actions = aws.actions()
    first, second = (actions.prepare(request("ecs", "UpdateService", {"service": name})) for name in "ab")
    assert aws.made == []
    assert first.service.client is second.service.client
    assert aws.made == ["ecs"]


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ecs", "DeleteService", "ecs:DeleteService"),
        ("elbv2", "DeleteLoadBalancer", "elasticloadbalancing:DeleteLoadBalancer"),
        ("s3", "CopyObject", "s3:CopyObject"),
        ("ecz", "UpdateService", "ecz:UpdateService"),
    ],
)
def test_a_call_off_the_list_is_refused_before_a_model_is_loaded(service: str, operation: str, action: str) -> None:
    aws = ScriptedAws([], "ecs:UpdateService,s3:PutObject,s3:GetObject")
    with pytest.raises(NotAllowed, match=f"^{action}$"):
        aws.actions().prepare(request(service, operation, {}))
    assert aws.loaded == aws.made == []


@pytest.mark.parametrize(
    ("service", "operation", "problem"),
    [
        ("ecz", "UpdateService", "service: is not a service of botocore"),
        ("ecs", "Updateservice", "operation: is not an operation of this service"),
        ("ecs", "UpdateService", "parameters.service: is missing"),
    ],
)
def test_a_call_that_does_not_fit_the_api_is_refused(service: str, operation: str, problem: str) -> None:
    aws = ScriptedAws([], f"{service}:{operation}")
    with pytest.raises(Invalid, match=f"^{problem}$"):
        aws.actions().prepare(request(service, operation, {}))
    assert aws.made == []


def prepare(parameters: dict[str, Any], key: str = "k1") -> Prepared:
    return ScriptedAws([], ACTIONS).actions().prepare(request("ecs", "RunTask", parameters, key=key))


def test_a_token_is_added_unless_the_request_has_one() -> None:
    parameters = {"taskDefinition": "t"}
    tokens = [prepare(parameters, key).parameters["clientToken"] for key in "aab"]
    assert tokens[0] == tokens[1] != tokens[2]
    assert parameters == {"taskDefinition": "t"}
    own = prepare(parameters | {"clientToken": "own"})
    assert (own.parameters["clientToken"], own.repeatable) == ("own", True)


def test_parameters_are_not_shown() -> None:
    prepared = prepare({"taskDefinition": CANARY})
    assert CANARY not in repr(prepared) + repr(request("ecs", "RunTask", {"taskDefinition": CANARY}))
