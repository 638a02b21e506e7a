"""What botocore's model tells of an operation: whether parameters fit it, and whether it may be called twice."""

import re
from collections.abc import Iterator
from warnings import catch_warnings

from botocore.model import OperationModel, Shape
from botocore.utils import is_json_value_header
from botocore.validate import ParamValidator

from aws_actions.tokens import token_of
from aws_events.strict_json import Invalid, Json, shown

READ = re.compile(r"(?:BatchGet|Describe|Get|Head|List)[A-Z]\w*")
ACTS = frozenset(
    {
        "GetActivityTask",
        "GetId",
        "GetOpenIdTokenForDeveloperIdentity",
        "GetScalingConfigurationRecommendation",
        "GetTokensFromRefreshToken",
    }
)
"""Called reads, but they hand out work, register identities, start a job or use a token up, as the models say."""
TOKENS = {("ssm", "StartAutomationExecution"): "ClientToken"}
"""Tokens that the model does not mark as such. What AWS heeds for a while only, or not everywhere, is none: the `name`
of StartExecution (no Express workflow heeds it), a MessageDeduplicationId (FIFO queues forget it in five minutes)."""
FORGOTTEN = frozenset(
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
"""Whose tokens AWS forgets, as it says, before the longest request expires (call_fields.LONGEST)."""
PATH = re.compile(r"[A-Za-z0-9_-]{1,40}(?:\.[A-Za-z0-9_-]{1,40}|\[[0-9]{1,9}\]){0,20}")
LINE_BREAK = re.compile(r"[\r\n]")
PROBLEMS = (
    (re.compile(r'Missing required parameter in (\S+): "(\S+)"'), "is missing"),
    (re.compile(r'Unknown parameter in (\S+): "(\S+)",'), "is not a parameter"),
    (re.compile(r"Invalid type for (?:document )?parameter (\S+), value:"), "has the wrong type"),
    (re.compile(r"Invalid value for parameter (\S+), value:"), "is too small"),
    (re.compile(r"Invalid length for parameter (\S+), value:"), "is too short"),
)
"""How botocore begins its report: where it is, and what. The value behind it goes no further."""


def tokens(service: str, operation: OperationModel, key: str) -> dict[str, Json]:
    """The members by which AWS recognises a second call of the same request, filled."""
    marked = TOKENS.get((service, operation.name))
    return {member: token_of(key) for member in (*operation.idempotent_members, *((marked,) if marked else ()))}


def is_read(operation: OperationModel) -> bool:
    """By HTTP's own word, else by its name."""
    if operation.name in ACTS:
        return False
    return operation.http.get("method") in {"GET", "HEAD"} or READ.fullmatch(operation.name) is not None


def is_recognised(service: str, operation: OperationModel, parameters: dict[str, Json]) -> bool:
    """Whether AWS recognises a second call by what stands in the parameters."""
    if (service, operation.name) in FORGOTTEN:
        return False
    return any(parameters.get(member) for member in tokens(service, operation, ""))


def check_parameters(operation: OperationModel, parameters: dict[str, Json]) -> None:
    """Raises Invalid for what does not fit the operation's input."""
    shape = operation.input_shape
    if shape is None:
        if parameters:
            raise Invalid("parameters", "must be empty: the operation takes none")
        return
    try:
        with catch_warnings(action="error", category=RuntimeWarning):  # of an unknown zone: it shows its letters
            errors = ParamValidator().validate(parameters, shape)
    except (RuntimeError, ArithmeticError, ValueError, RuntimeWarning):  # a time that no calendar has
        raise Invalid("parameters", "do not fit the operation") from None
    if errors.has_errors():
        raise _invalid(errors.generate_report())
    for name, value in parameters.items():
        if _is_header(shape.members[name]):  # what no header can be is not sent, and would look unanswered
            if any(LINE_BREAK.search(text) for text in _texts(value)):
                raise Invalid(f"parameters.{name}", "has a line break")
            if isinstance(value, dict) and any(":" in key for key in value):
                raise Invalid(f"parameters.{name}", "has a colon in a name")


def _is_header(member: Shape) -> bool:
    """Whether it is sent as headers of HTTP, as it stands."""
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
    """A report of botocore's -> the first field's path, where it looks like one, and what is wrong with it."""
    for pattern, rule in PROBLEMS:
        if found := pattern.match(report):
            path = [part for part in found.groups() if part != "input"]
            return Invalid(
                ".".join(["parameters", *(part if PATH.fullmatch(part) else shown(part) for part in path)]), rule
            )
    return Invalid("parameters", "do not fit the operation")
