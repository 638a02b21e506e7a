"""Reads which entries of a batch call failed: each service has its own way to say it, and all say it with a 200."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from retry_policies import aws_codes
from retry_policies.aws_answers import known_code
from retry_policies.classification import Classification, ErrorKind

type Call = Callable[..., Mapping[str, object]]
"""A method of a boto3 client."""
type Entry = Mapping[str, object]

PASSING = aws_codes.TRANSIENT | {"InternalError", "InternalException", "InternalFailure"}
"""The service's own trouble with one entry. It was answered, and the entry not taken: nothing ambiguous."""


@dataclass(frozen=True, slots=True)
class FailedEntry[E]:
    """An entry that was not taken, and why."""

    entry: E
    classification: Classification


def failed_by_id(call: Call, field: str, request: Entry, entries: list[Entry]) -> list[FailedEntry[Entry]]:
    """SQS and SNS: `Failed` lists Id, Code and SenderFault."""
    problems = {problem.get("Id"): problem for problem in _mappings(call(**request, **{field: entries}), "Failed")}
    return [FailedEntry(entry, _judge(problems[entry["Id"]])) for entry in entries if entry["Id"] in problems]


def failed_by_position(call: Call, field: str, request: Entry, entries: list[Entry]) -> list[FailedEntry[Entry]]:
    """EventBridge and Kinesis: one answer for each entry, in order, with an ErrorCode if it failed."""
    answers = _mappings(call(**request, **{field: entries}), field)
    pairs = zip(entries, answers, strict=False)
    return [FailedEntry(entry, _judge(answer)) for entry, answer in pairs if answer.get("ErrorCode")]


def unprocessed(call: Call, entries: list[tuple[str, Entry]]) -> list[FailedEntry[tuple[str, Entry]]]:
    """DynamoDB: `UnprocessedItems` holds the write requests of each table that found no capacity."""
    requests: dict[str, list[Entry]] = {}
    for table, request in entries:
        requests.setdefault(table, []).append(request)
    left = call(RequestItems=requests).get("UnprocessedItems")
    tables = left if isinstance(left, Mapping) else {}
    throttled = Classification(ErrorKind.THROTTLED, code="UnprocessedItems")
    return [FailedEntry((table, request), throttled) for table in tables for request in _mappings(tables, table)]


def _judge(problem: Entry) -> Classification:
    code = known_code(problem.get("Code") or problem.get("ErrorCode"))
    sender_fault = problem.get("SenderFault")
    if code in aws_codes.THROTTLED:
        kind = ErrorKind.THROTTLED
    elif sender_fault is False or (sender_fault is None and code in PASSING):
        kind = ErrorKind.TRANSIENT
    else:
        kind = ErrorKind.PERMANENT
    return Classification(kind, code=code)


def _mappings(answer: Mapping[str, object], field: str) -> list[Entry]:
    """The list of objects in this field of an answer; empty if it is not there."""
    found = answer.get(field)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
