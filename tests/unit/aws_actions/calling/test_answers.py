"""AWS's answers and errors become results; codes and members are compared with botocore's models of all services."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import NoRegionError
from botocore.model import ServiceModel

from aws_actions.calling.answers import (
    FAILURE_MEMBER,
    after_ambiguous_attempt,
    is_denial,
    request_id_of,
    result_of_answer,
    result_of_error,
)
from aws_actions.calling.operations import READ
from aws_actions.models import Done, PartlyFailed, Refused, Result, Retryable, Unknown
from outcomes.outcome import LaterReason
from tests.unit.aws_actions.builders import CANARY, MODELS

SOME: list[dict[str, Any]] = [{"reason": CANARY}]


@pytest.mark.parametrize(
    ("service", "operation", "answer", "member"),
    [
        ("stepfunctions", "StartSyncExecution", {"status": "FAILED", "error": CANARY}, "status"),
        ("stepfunctions", "StartSyncExecution", {"status": "TIMED_OUT"}, "status"),
        ("stepfunctions", "StartSyncExecution", {"status": "SUCCEEDED"}, ""),
        ("ec2", "CreateFleet", {"FleetId": "f", "Errors": SOME, "Instances": []}, "Errors"),
        ("ec2", "DeleteFleets", {"UnsuccessfulFleetDeletions": SOME}, "UnsuccessfulFleetDeletions"),
        ("ecs", "RunTask", {"tasks": [], "failures": SOME}, "failures"),
        ("ecs", "RunTask", {"tasks": SOME, "failures": []}, ""),
        ("dynamodb", "BatchWriteItem", {"UnprocessedItems": {"t": []}}, "UnprocessedItems"),
        ("kinesis", "PutRecords", {"FailedRecordCount": 1}, "FailedRecordCount"),
        ("kinesis", "PutRecords", {"FailedRecordCount": 0}, ""),
        ("logs", "PutLogEvents", {"rejectedLogEventsInfo": {"expiredLogEventEndIndex": 1}}, "rejectedLogEventsInfo"),
        ("ssm", "DeleteParameters", {"InvalidParameters": ["p"]}, "InvalidParameters"),
        ("codebuild", "BatchDeleteBuilds", {"buildsDeleted": SOME, "buildsNotDeleted": SOME}, "buildsNotDeleted"),
        ("ec2", "RevokeSecurityGroupIngress", {"UnknownIpPermissions": SOME, "Return": True}, "UnknownIpPermissions"),
        ("datazone", "CreateProject", {"failureReasons": SOME}, "failureReasons"),
        ("datazone", "GetProject", {"failureReasons": SOME}, ""),
        ("datazone", "CreateDataSource", {"errorMessage": {"errorType": "x"}}, "errorMessage"),
        ("datazone", "UpdateDataSource", {"errorMessage": {"errorType": "x"}}, ""),
        ("lambda", "Invoke", {"FunctionError": "Unhandled", "StatusCode": 200}, "FunctionError"),
        ("lambda", "Invoke", {"StatusCode": 202}, ""),
        ("lambda", "UpdateEventSourceMapping", {"FilterCriteriaError": {"x": 1}}, ""),
        ("datapipeline", "PutPipelineDefinition", {"errored": True}, "errored"),
        ("datapipeline", "PutPipelineDefinition", {"errored": False, "validationWarnings": SOME}, ""),
        ("redshift", "CancelResize", {"ImportTablesNotStarted": ["t"]}, ""),
        ("ssm", "UpdateMaintenanceWindowTask", {"MaxErrors": "5"}, ""),
        ("ssm", "UpdatePatchBaseline", {"RejectedPatches": ["p"], "RejectedPatchesAction": "BLOCK"}, ""),
    ],
)
def test_an_answer_that_reports_a_failure_is_no_success(
    service: str, operation: str, answer: dict[str, Any], member: str
) -> None:
    once, again = (result_of_answer(service, operation, answer, repeatable=one) for one in (False, True))
    if member:
        assert (once, again) == (PartlyFailed(f"{member}_in_answer"), Refused(f"{member}_in_answer"))
    else:
        assert once == again == Done("")


def services() -> Iterator[ServiceModel]:
    return map(MODELS.get_service_model, MODELS.get_available_services())


SOUNDS = re.compile(r"(?i:fail|error|unproc|unsucc|reject|invalid|unknown)|Not[A-Z]")
VALUES: dict[str, object] = {"list": ["x"], "map": {"x": "y"}, "integer": 1, "long": 1}
NO_FAILURES = {"RejectedPatches", "ImportTablesNotStarted", "attributesNotInterpolated", "failureReasons"}
"""Settings of the request; tables that a cancelled resize did not start; gaps in a text; an earlier failure."""


def test_each_list_and_count_of_failures_in_a_model_is_recognised() -> None:
    for model in services():
        for name in model.operation_names:
            output = None if READ.fullmatch(name) else model.operation_model(name).output_shape
            for member, shape in (output.members if output else {}).items():
                if SOUNDS.search(member) and shape.type_name in VALUES and member not in NO_FAILURES:
                    answer = {member: VALUES[shape.type_name]}
                    result = result_of_answer(model.service_name, name, answer, repeatable=False)
                    assert result == PartlyFailed(f"{member}_in_answer"), name


def test_the_table_of_failures_names_members_that_botocore_has() -> None:
    for (service, operation), member in FAILURE_MEMBER.items():
        output = MODELS.get_service_model(service).operation_model(operation).output_shape
        assert output is not None
        assert member in output.members


class Body:
    """A streaming body that must not be read."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_a_body_is_closed_unread() -> None:
    body = Body()
    assert result_of_answer("lambda", "Invoke", {"Payload": body}, repeatable=False) == Done("")
    assert body.is_closed


def test_a_client_that_cannot_be_made_has_called_nothing() -> None:
    assert result_of_error(NoRegionError(), repeatable=False) == Retryable(LaterReason.NOT_ATTEMPTED, "NoRegionError")


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (Retryable(LaterReason.DENIED, "c", 3.0, "i"), Retryable(LaterReason.UNANSWERED, "c", 3.0, "i")),
        (Refused("c", "i"), Unknown("c", "i")),
        (Done("i"), Done("i")),
    ],
)
def test_after_an_ambiguous_attempt_the_last_one_does_not_say_that_nothing_happened(
    last: Result, expected: Result
) -> None:
    assert after_ambiguous_attempt(last) == expected


@pytest.mark.parametrize("value", [None, 5, "short", "x" * 65, "with space", "a\nb-cdefgh"])
def test_a_request_id_that_does_not_look_like_one_is_dropped(value: object) -> None:
    assert request_id_of({"ResponseMetadata": {"RequestId": value}}) == ""


@pytest.mark.parametrize("answer", [None, "x", {}, {"ResponseMetadata": None}, {"ResponseMetadata": []}])
def test_an_answer_may_have_no_request_id(answer: object) -> None:
    assert request_id_of(answer) == ""


DENIALS = """
    AccessDeniedException AccessDenied AuthorizationError UnauthorizedOperation AuthFailure 403 InvalidClientTokenId
    UnrecognizedClientException SignatureDoesNotMatch KMSDisabled KMSNotFound KMSInvalidState KMSAccessDenied
    KMSOptInRequired KMSAccessDeniedException EC2AccessDeniedException KmsAccessDenied KMS.AccessDeniedException
    KmsAccessDeniedException DecryptionFailure ForbiddenException UnauthorizedException NotAuthorizedException
    NotAuthorized OptInRequired MissingAuthenticationToken OperationNotPermittedFault AssumeRole.Whatever
"""
NO_DENIALS = """
    ValidationException ThrottlingException KeyNotFound Denied AuthorizationNotFound KMSInvalidMacException
"""


def test_denials_are_told_from_other_errors() -> None:
    assert [code for code in DENIALS.split() if not is_denial(code)] == []
    assert [code for code in NO_DENIALS.split() if is_denial(code)] == []


NOT_FOR_YOU = re.compile(
    r"(?:user|caller|client|you)\b.{0,20} (?:not|[a-z]+n't) (?:currently )?"
    r"(?:authorized|permitted|have (?:the |sufficient )?(?:permission|access))",
    re.IGNORECASE,
)
"""Words of a model about an error that denies the call."""
OTHER_401_OR_403 = """
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
"""Errors with status 401 or 403 for another reason than a missing permission: a limit, a state, a wrong password."""
AMBIGUOUS_CODES = """
    ClientException InvalidInstanceId InvalidOperationException InvalidResourceException InvalidTarget
    LicenseNotFoundException VPCAssociationAuthorizationNotFound WAFEntityMigrationException
"""
"""Codes for a missing permission and for other causes alike."""


def test_each_denial_in_a_model_is_recognised() -> None:
    denied = set()
    for model in services():
        for shape in map(model.shape_for, model.shape_names):
            facts = shape.metadata.get("error", {})
            if shape.metadata.get("exception") and (
                facts.get("httpStatusCode") in {401, 403} or NOT_FOR_YOU.search(shape.documentation)
            ):
                denied.add(facts.get("code") or shape.name)
    assert {code for code in denied if not is_denial(code)} == {*OTHER_401_OR_403.split(), *AMBIGUOUS_CODES.split()}
