"""Facts from botocore's model of an operation: whether parameters fit it, and whether it may be called twice."""

import re
from collections.abc import Iterator
from warnings import catch_warnings

from botocore.model import OperationModel, Shape
from botocore.utils import is_json_value_header
from botocore.validate import ParamValidator

from aws_actions.tokens import idempotency_token
from aws_events.strict_json import Invalid, Json, shown

READ = re.compile(r"(?:BatchGet|Describe|Get|Head|List)[A-Z]\w*")
READS_WITH_EFFECTS = frozenset(
    {
        "GetActivityTask",
        "GetId",
        "GetOpenIdTokenForDeveloperIdentity",
        "GetScalingConfigurationRecommendation",
        "GetTokensFromRefreshToken",
    }
)
"""Named like reads, but they assign work, register identities, start a job or consume a token."""
TOKENS = {("ssm", "StartAutomationExecution"): "ClientToken"}
"""Idempotency tokens that the model does not mark. Not the `name` of StartExecution, which Express workflows ignore,
and not a MessageDeduplicationId, which a FIFO queue forgets after five minutes."""
SHORT_LIVED_TOKENS = frozenset(
    {
        ("iotwireless", "CreateWirelessGateway"),
        ("lambda", "CheckpointDurableExecution"),
        ("lambda", "PauseDurableExecution"),
        ("lambda", "ResumeDurableExecution"),
        ("m2", "CreateDataSetExportTask"),
        ("m2", "CreateDataSetImportTask"),
        ("m2", "CreateDeployment"),
        ("m2", "CreateEnvironment"),
        ("mediaconvert", "CreateJob"),
        ("opensearchmemory", "CreateEvent"),
        ("opensearchmemory", "CreateMemory"),
        ("opensearchmemory", "CreateSpace"),
        ("pca-connector-scep", "CreateChallenge"),
        ("pca-connector-scep", "CreateConnector"),
        ("stepfunctions", "RedriveExecution"),
        ("timestream-query", "Query"),
    }
)
"""AWS documents that it forgets the tokens of these before the longest request expires (LONGEST_EXPIRES_AFTER)."""
PATH = re.compile(r"[A-Za-z0-9_-]{1,40}(?:\.[A-Za-z0-9_-]{1,40}|\[[0-9]{1,9}\]){0,20}")
LINE_BREAK = re.compile(r"[\r\n]")
PROBLEMS = (
    (re.compile(r'Missing required parameter in (\S+): "(\S+)"'), "is missing"),
    (re.compile(r'Unknown parameter in (\S+): "(\S+)",'), "is not a parameter"),
    (re.compile(r"Invalid type for (?:document )?parameter (\S+), value:"), "has the wrong type"),
    (re.compile(r"Invalid value for parameter (\S+), value:"), "is too small"),
    (re.compile(r"Invalid length for parameter (\S+), value:"), "is too short"),
)
"""Beginnings of botocore's reports, and our own text; the value that follows in the report is dropped."""


def idempotency_tokens(service: str, operation: OperationModel, key: str) -> dict[str, Json]:
    """Return the parameters by which AWS recognises a second call of the same request."""
    unmarked = TOKENS.get((service, operation.name))
    members = [*operation.idempotent_members, *([unmarked] if unmarked else [])]
    return {member: idempotency_token(key) for member in members}


def is_read(operation: OperationModel) -> bool:
    """Return whether the operation changes nothing, by its HTTP method or its name."""
    if operation.name in READS_WITH_EFFECTS:
        return False
    return operation.http.get("method") in {"GET", "HEAD"} or READ.fullmatch(operation.name) is not None


def is_recognised(service: str, operation: OperationModel, parameters: dict[str, Json]) -> bool:
    """Return whether AWS recognises a second call by an idempotency token in the parameters."""
    if (service, operation.name) in SHORT_LIVED_TOKENS:
        return False
    return any(parameters.get(member) for member in idempotency_tokens(service, operation, ""))


def check_parameters(operation: OperationModel, parameters: dict[str, Json]) -> None:
    """Raise Invalid if the parameters do not fit the operation."""
    shape = operation.input_shape
    if shape is None:
        if parameters:
            raise Invalid("parameters", "must be empty: the operation takes none")
        return
    try:
        with catch_warnings(action="error", category=RuntimeWarning):  # it quotes an unknown time zone
            errors = ParamValidator().validate(parameters, shape)
    except (RuntimeError, ArithmeticError, ValueError, RuntimeWarning):  # a time outside the calendar
        raise Invalid("parameters", "do not fit the operation") from None
    if errors.has_errors():
        raise _invalid(errors.generate_report())
    for name, value in parameters.items():
        if _is_header(shape.members[name]):  # botocore refuses an invalid header only when it sends the call
            if any(LINE_BREAK.search(text) for text in _texts(value)):
                raise Invalid(f"parameters.{name}", "has a line break")
            if isinstance(value, dict) and any(":" in key for key in value):
                raise Invalid(f"parameters.{name}", "has a colon in a name")


def _is_header(member: Shape) -> bool:
    """Return whether the member is sent verbatim in HTTP headers."""
    return member.serialization.get("location") in {"header", "headers"} and not is_json_value_header(member)


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            yield from (text for one in value for text in _texts(one))
        case dict():
            yield from (text for pair in value.items() for one in pair for text in _texts(one))


def _invalid(report: str) -> Invalid:
    """Return the first problem of botocore's report: the path of the field, and the rule."""
    for pattern, rule in PROBLEMS:
        if found := pattern.match(report):
            path = [part for part in found.groups() if part != "input"]
            return Invalid(
                ".".join(["parameters", *(part if PATH.fullmatch(part) else shown(part) for part in path)]), rule
            )
    return Invalid("parameters", "do not fit the operation")
