"""The tables of docs/actions.md are those of the code, and each answer of AWS ends as the page says."""

from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from aws_actions.calling.allow_list import ACTIONS, NEVER_ALLOWED, PREFIXES
from aws_actions.calling.operations import READ, READS_WITH_EFFECTS, SHORT_LIVED_TOKENS, TOKENS, is_read, is_recognised
from aws_actions.models import Request
from outcomes.outcome import Delivered, Later, LaterReason, Outcome, Park, ParkReason
from tests.support.text.markdown import named, tables
from tests.unit.aws_actions.builders import MODELS, Answer, fails, gives, request
from tests.unit.aws_actions.world import World

PAGE = (Path(__file__).parents[3] / "docs" / "actions.md").read_text()
PREFIX_TABLE, ACTION_TABLE, NEVER_TABLE = tables(PAGE, "Allowed calls")
OPERATION_TABLE, ANSWER_TABLE = tables(PAGE, "How often a call is made")


def test_the_table_of_prefixes_is_that_of_the_code() -> None:
    listed = {
        service: prefix for services, cell in PREFIX_TABLE for service in named(services) for prefix in named(cell)
    }
    assert listed == PREFIXES


def test_the_table_of_actions_is_that_of_the_code() -> None:
    listed = {
        (service, operation): f"{service}:{action}"
        for services, operations, actions in ACTION_TABLE
        for service in named(services)
        for operation in named(operations)
        for action in named(actions)
    }
    assert listed == ACTIONS


def test_the_table_of_calls_that_are_never_made_is_that_of_the_code() -> None:
    listed = {
        f"{service}:{operation}".lower()
        for services, operations, _ in NEVER_TABLE
        for service in named(services)
        for operation in named(operations)
    }
    assert listed == NEVER_ALLOWED


def test_the_table_of_repeated_calls_names_what_the_code_repeats() -> None:
    reads, with_effects, tokens, short_lived, _ = (cell for cell, _ in OPERATION_TABLE)
    assert [word for word in named(reads) if not READ.fullmatch(word.replace("…", "Things"))] == []
    assert named(with_effects) - {"delivery_unknown"} == READS_WITH_EFFECTS
    assert {("ssm", "StartAutomationExecution")} == TOKENS.keys()
    assert named(tokens) == {"ssm", "StartAutomationExecution"}
    names = named(short_lived)
    assert {name for pair in SHORT_LIVED_TOKENS for name in pair if name in names} == names


@pytest.mark.parametrize(
    ("service", "operation", "repeated"),
    [
        ("ssm", "GetParameter", True),
        ("s3", "ListObjectsV2", True),
        ("stepfunctions", "GetActivityTask", False),
        ("ecs", "RunTask", True),
        ("ssm", "StartAutomationExecution", True),
        ("lambda", "PauseDurableExecution", False),
        ("mediaconvert", "CreateJob", False),
        ("stepfunctions", "RedriveExecution", False),
        ("stepfunctions", "StartExecution", False),
        ("sqs", "SendMessage", False),
    ],
)
def test_a_call_is_repeated_as_the_page_says(service: str, operation: str, *, repeated: bool) -> None:
    model = MODELS.get_service_model(service).operation_model(operation)
    members = [*model.idempotent_members, "ClientToken", "MessageDeduplicationId"]
    assert (is_read(model) or is_recognised(service, model, {**dict.fromkeys(members, "token")})) == repeated


ONCE, AGAIN = request("ecs", "UpdateService", {"service": "web"}), request("ssm", "GetParameter", {"Name": "p"})
START = request("stepfunctions", "StartExecution", {"stateMachineArn": "arn"})
RUN = request("ecs", "RunTask", {"taskDefinition": "t"})
NO_CAPACITY = {
    "reason": "Capacity is unavailable at this time. Please try again later or in a different availability zone"
}
INVOKE = request("lambda", "Invoke", {"FunctionName": "f"})
ALLOWED = "ecs:UpdateService,ecs:RunTask,ssm:GetParameter,states:StartExecution,lambda:InvokeFunction"
THROTTLED, DENIED = fails("ThrottlingException"), fails("AccessDenied", 403)
BADLY_SIGNED, REFUSED = fails("InvalidSignatureException"), fails("ServiceNotFoundException")
NOT_SENT, SILENT = EndpointConnectionError(endpoint_url="https://x"), ReadTimeoutError(endpoint_url="https://x")
UNKNOWN, EXPIRED = Park(ParkReason.DELIVERY_UNKNOWN, "unanswered"), Park(ParkReason.EXPIRED, "")
ENDS: dict[str, list[tuple[Request, list[Answer], int, Outcome]]] = {
    "throttled, or a transient failure": [
        (ONCE, [THROTTLED] * 4, 4, Later(LaterReason.THROTTLED)),
        (ONCE, [fails("X", 503), gives()], 2, Delivered()),
    ],
    "not at all, because nothing was sent": [(ONCE, [NOT_SENT] * 4, 4, Later(LaterReason.UNREACHABLE))],
    "not done, for now": [
        (START, [fails("ExecutionLimitExceeded")], 1, Later(LaterReason.THROTTLED, 60.0)),
        (RUN, [gives({"tasks": [], "failures": [NO_CAPACITY]})], 1, Later(LaterReason.THROTTLED, 60.0)),
    ],
    "access denied": [(ONCE, [DENIED], 1, Later(LaterReason.DENIED))],
    "the signature or its time is invalid": [
        (ONCE, [BADLY_SIGNED, gives()], 2, Delivered()),
        (ONCE, [BADLY_SIGNED] * 2, 2, Later(LaterReason.DENIED)),
        (ONCE, [fails("RequestInTheFuture", 403), gives()], 2, Delivered()),
    ],
    "refused for good": [
        (ONCE, [REFUSED], 1, Park(ParkReason.MESSAGE_REFUSED, "ServiceNotFoundException")),
        (AGAIN, [SILENT, REFUSED], 2, Park(ParkReason.DELIVERY_UNKNOWN, "ServiceNotFoundException")),
    ],
    "not at all although it was sent, or 500, 502 or 504": [
        (ONCE, [SILENT], 1, UNKNOWN),
        *((ONCE, [fails("X", status)], 1, Park(ParkReason.DELIVERY_UNKNOWN, "X")) for status in (500, 502, 504)),
        (AGAIN, [SILENT, fails("X", 502), gives()], 3, Delivered()),
    ],
    "200, but a part failed": [
        (INVOKE, [gives({"FunctionError": "x"})], 1, Park(ParkReason.MESSAGE_REFUSED, "FunctionError_in_answer"))
    ],
    "–": [(ONCE, [], 0, EXPIRED)],
}


def test_the_page_lists_these_answers() -> None:
    assert [answer for (answer, _), end in zip(ANSWER_TABLE, ENDS, strict=True) if not answer.startswith(end)] == []


@pytest.mark.parametrize("end", ENDS)
def test_an_answer_ends_as_the_page_says(end: str) -> None:
    for received, answers, calls, outcome in ENDS[end]:
        world = World(received, answers, allowed=ALLOWED, seconds=901.0 if end == "–" else 0.0)
        assert (world.call(), world.aws.attempts) == (outcome, calls)
