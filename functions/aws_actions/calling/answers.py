"""What AWS answered, or that it did not -> what became of the call. Nothing but codes and ids comes out of here."""

import re
from collections.abc import Mapping
from dataclasses import replace

from aws_actions.models import ASSUME_ROLE, Done, Partly, Passing, Refused, Result, Unknown, Why
from retry_policies import DeadlineExceeded, ErrorKind, RetryInfo, retry_info

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
REFUSALS = frozenset({"KMSInvalidMacException", "KMSInvalidSignatureException"})
"""What KMS found, and not that it denied anything."""
DENIED = ("forbidden", "kms", "notauthorized", "unauthorized", ASSUME_ROLE.lower())
"""How codes of denials begin, in lower case."""
FAILED = re.compile(
    r"\w*(?:failed|failures|errors|unprocessed|unsuccessful)\w*|error(?:count|ed|entries|\w*list)|\w*errormap"
    r"|rejectedlogeventsinfo|invalid(?:answers|executions|labels|parameters)"
    r"|notifyworkersfailurestatuses|buildsnotdeleted|hooksnotcleanedup|unknownippermissions",
    re.IGNORECASE,
)
"""Lists, maps, counts and flags in which an answer that says 200 says what failed of it."""
FAILED_OF_ONE = {
    ("datazone", "CreateDataSource"): "errorMessage",
    ("datazone", "CreateNotebook"): "error",
    ("datazone", "CreateProject"): "failureReasons",
    ("datazone", "StartDataSourceRun"): "errorMessage",
    ("datazone", "StartNotebookRun"): "error",
    ("datazone", "UpdateProject"): "failureReasons",
    ("elementalinference", "CreateScheduleAction"): "error",
    ("lambda", "Invoke"): "FunctionError",
}
"""Members that say so of these operations; in other answers they tell what became of the object before."""


def classify_answer(service: str, operation: str, answer: Mapping[str, object], *, repeatable: bool) -> Result:
    """An answer with success's status -> what it says. A body that streams is closed unread."""
    for value in answer.values():
        if callable(close := getattr(value, "close", None)):
            close()
    request_id = request_id_of(answer)
    part = _failed_part(service, operation, answer)
    if not part:
        return Done(request_id)
    return (Refused if repeatable else Partly)(f"{part}_in_answer", request_id)


def _failed_part(service: str, operation: str, answer: Mapping[str, object]) -> str:
    """The member that says so; what stands deeper in the answer is not read."""
    if (service, operation) == ("stepfunctions", "StartSyncExecution"):
        return "" if answer.get("status") == "SUCCEEDED" else "status"
    if answer.get(part := FAILED_OF_ONE.get((service, operation), "")):
        return part
    # A text may be a setting, like MaxErrors.
    said = (name for name, value in answer.items() if value and isinstance(value, list | dict | int))
    return next(filter(FAILED.fullmatch, said), "")


def classify_error(error: Exception, *, repeatable: bool) -> Result:
    """What a policy gave up with -> what became of the call."""
    if isinstance(error, DeadlineExceeded):
        return Passing(Why.NOT_ATTEMPTED, "deadline")
    info = retry_info(error)
    if info is None:  # no policy has seen it: there is not even a client
        return Passing(Why.NOT_ATTEMPTED, type(error).__name__)
    request_id = request_id_of(error.__dict__.get("response"))
    why = _why(info, repeatable=repeatable)
    if why is not None:
        return Passing(why, info.code, info.retry_after or 0.0, request_id)
    return (Refused if info.kind is ErrorKind.PERMANENT else Unknown)(info.code, request_id)


def doubted(result: Result) -> Result:
    """What became of a call of which an earlier attempt may have been made, whatever the last one came to."""
    match result:
        case Passing():
            return replace(result, why=Why.UNANSWERED)
        case Refused(code, request_id):
            return Unknown(code, request_id)
        case _:
            return result


def request_id_of(answer: object) -> str:
    """AWS's id of the request, if it looks like one."""
    metadata = answer.get("ResponseMetadata") if isinstance(answer, Mapping) else None
    value = metadata.get("RequestId") if isinstance(metadata, Mapping) else None
    return value if isinstance(value, str) and REQUEST_ID.fullmatch(value) else ""


def is_denial(code: str) -> bool:
    """IAM, KMS, our own role or credentials: configuration, which somebody may mend."""
    said = code.lower()
    return code in DENIALS or "accessdenied" in said or (said.startswith(DENIED) and code not in REFUSALS)


def _why(info: RetryInfo, *, repeatable: bool) -> Why | None:
    """Why it may succeed later, or None."""
    match info.kind:
        case ErrorKind.THROTTLED:
            return Why.THROTTLED
        case ErrorKind.TRANSIENT:
            return Why.UNREACHABLE
        case ErrorKind.AMBIGUOUS:
            return Why.UNANSWERED if repeatable else None
        case ErrorKind.PERMANENT if info.code == "certificate":
            return Why.TLS
        case ErrorKind.PERMANENT:
            return Why.DENIED if is_denial(info.code) else None
