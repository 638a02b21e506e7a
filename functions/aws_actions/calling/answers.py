"""AWS's answer or an error -> the result of the call: codes and ids, nothing else from the answer."""

import re
from collections.abc import Mapping
from dataclasses import replace

from aws_actions.calling.capacity import lacks_capacity
from aws_actions.models import ASSUME_ROLE, Done, PartlyFailed, Refused, Result, Retryable, Unknown
from outcomes.outcome import LaterReason
from retry_policies import DeadlineExceeded, ErrorKind, RetryInfo, retry_info
from retry_policies.classification import DEFERRED

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
DENIALS = frozenset(
    {
        "403",  # S3 answers HEAD without a body
        "AccessForbidden",
        "AccessToClusterDenied",
        "AuthException",
        "AuthFailure",
        "AuthorizationError",
        "AuthorizationErrorException",
        "AuthorizationException",
        "DecryptionFailure",
        "EncryptionFailure",
        "IncompleteSignature",
        "InsufficientIAMAccessPermissionException",
        "InsufficientPermissionsException",
        "InsufficientPrivilegesException",
        "InvalidAccessException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSecurity",
        "MissingAuthenticationToken",
        "NoCredentialsError",
        "OperationNotPermittedFault",
        "OptInRequired",
        "OptInRequiredException",
        "SNSNoAuthorization",
        "SNSNoAuthorizationFault",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "WAFLogDestinationPermissionIssueException",
    }
)
SIGNATURES = frozenset({"AuthFailure", "InvalidSignatureException", "RequestInTheFuture", "SignatureDoesNotMatch"})
"""Codes of a refused signature. The policy has already made one more attempt with a new signature."""
REFUSALS = frozenset({"KMSInvalidMacException", "KMSInvalidSignatureException"})
"""KMS found the given MAC or signature invalid; it did not deny the call."""
DENIAL_PREFIXES = ("forbidden", "kms", "notauthorized", "unauthorized", ASSUME_ROLE.lower())
"""In lower case."""
FAILURE_MEMBERS = re.compile(
    r"\w*(?:failed|failures|errors|unprocessed|unsuccessful)\w*|error(?:count|ed|entries|\w*list)|\w*errormap"
    r"|rejectedlogeventsinfo|invalid(?:answers|executions|labels|parameters)"
    r"|notifyworkersfailurestatuses|buildsnotdeleted|hooksnotcleanedup|unknownippermissions",
    re.IGNORECASE,
)
"""Members of an answer with status 200 that list, count or flag failures."""
FAILURE_MEMBER = {
    ("datazone", "CreateDataSource"): "errorMessage",
    ("datazone", "CreateNotebook"): "error",
    ("datazone", "CreateProject"): "failureReasons",
    ("datazone", "StartDataSourceRun"): "errorMessage",
    ("datazone", "StartNotebookRun"): "error",
    ("datazone", "UpdateProject"): "failureReasons",
    ("elementalinference", "CreateScheduleAction"): "error",
    ("lambda", "Invoke"): "FunctionError",
}
"""Members that report a failure of these operations only; elsewhere they describe an earlier failure of the object."""


def result_of_answer(service: str, operation: str, answer: Mapping[str, object], *, repeatable: bool) -> Result:
    """Return the result of an answer with a status of success. A streaming body is closed unread."""
    for value in answer.values():
        if callable(close := getattr(value, "close", None)):
            close()
    request_id = request_id_of(answer)
    if lacks_capacity(service, operation, answer):
        return Retryable(LaterReason.THROTTLED, "failures_in_answer", DEFERRED, request_id)
    part = _failed_part(service, operation, answer)
    if not part:
        return Done(request_id)
    return (Refused if repeatable else PartlyFailed)(f"{part}_in_answer", request_id)


def _failed_part(service: str, operation: str, answer: Mapping[str, object]) -> str:
    """Return the top-level member that reports a failure, or ""."""
    if (service, operation) == ("stepfunctions", "StartSyncExecution"):
        return "" if answer.get("status") == "SUCCEEDED" else "status"
    if answer.get(part := FAILURE_MEMBER.get((service, operation), "")):
        return part
    # A text is no failure: it may be a setting, like MaxErrors.
    candidates = (name for name, value in answer.items() if value and isinstance(value, list | dict | int))
    return next(filter(FAILURE_MEMBERS.fullmatch, candidates), "")


def result_of_error(error: Exception, *, repeatable: bool) -> Result:
    """Return the result of a call that its policy gave up."""
    if isinstance(error, DeadlineExceeded):
        return Retryable(LaterReason.NOT_ATTEMPTED, "deadline")
    info = retry_info(error)
    if info is None:  # the client could not be made, so no policy has seen the error
        return Retryable(LaterReason.NOT_ATTEMPTED, type(error).__name__)
    request_id = request_id_of(error.__dict__.get("response"))
    reason = _later_reason(info, repeatable=repeatable)
    if reason is not None:
        return Retryable(reason, info.code, info.retry_after or 0.0, request_id)
    return (Refused if info.kind is ErrorKind.PERMANENT else Unknown)(info.code, request_id)


def after_ambiguous_attempt(result: Result) -> Result:
    """Return the result of a call if an attempt before the last one may have taken effect."""
    match result:
        case Retryable():
            return replace(result, reason=LaterReason.UNANSWERED)
        case Refused(code, request_id):
            return Unknown(code, request_id)
        case _:
            return result


def request_id_of(answer: object) -> str:
    """Return AWS's id of the request; "" if it does not look like one."""
    metadata = answer.get("ResponseMetadata") if isinstance(answer, Mapping) else None
    value = metadata.get("RequestId") if isinstance(metadata, Mapping) else None
    return value if isinstance(value, str) and REQUEST_ID.fullmatch(value) else ""


def is_denial(code: str) -> bool:
    """Return whether IAM, KMS, our role or its credentials denied the call: somebody may repair that."""
    lower = code.lower()
    return code in DENIALS or "accessdenied" in lower or (lower.startswith(DENIAL_PREFIXES) and code not in REFUSALS)


def _later_reason(info: RetryInfo, *, repeatable: bool) -> LaterReason | None:
    """Return why the call may succeed later, or None if it cannot or must not be repeated."""
    code = info.code.removeprefix(ASSUME_ROLE)
    match info.kind:
        case ErrorKind.THROTTLED:
            return LaterReason.THROTTLED
        case ErrorKind.TRANSIENT:  # a signature that was refused twice is a denial: our clock or credentials are wrong
            return LaterReason.DENIED if code in SIGNATURES else LaterReason.UNREACHABLE
        case ErrorKind.AMBIGUOUS:
            return LaterReason.UNANSWERED if repeatable else None
        case ErrorKind.PERMANENT if code == "certificate":
            return LaterReason.TLS
        case ErrorKind.PERMANENT:
            return LaterReason.DENIED if is_denial(info.code) else None
