"""Reads which entries of a batch call failed: each service has its own way to say it, and all say it with a 200.

An entry counts as taken only where the answer says so: about one it does not mention, nobody knows.
"""

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
NO_ANSWER = Classification(ErrorKind.AMBIGUOUS, code="no_answer")
UNPROCESSED = Classification(ErrorKind.THROTTLED, code="UnprocessedItems")


@dataclass(frozen=True, slots=True)
class FailedEntry[E]:
    """An entry that was not taken, or of which nobody knows, and why."""

    entry: E
    classification: Classification


def failed_by_id(call: Call, field: str, request: Entry, entries: list[Entry]) -> list[FailedEntry[Entry]]:
    """SQS and SNS: `Successful` lists Ids; `Failed` lists Id, Code and SenderFault."""
    answer = call(**request, **{field: entries})
    said: dict[str, Classification | None] = {str(one.get("Id")): None for one in _objects(answer, "Successful")}
    said |= {str(problem.get("Id")): _judge(problem) for problem in _objects(answer, "Failed")}
    return [FailedEntry(entry, why) for entry in entries if (why := said.get(str(entry["Id"]), NO_ANSWER)) is not None]


def failed_by_position(call: Call, field: str, request: Entry, entries: list[Entry]) -> list[FailedEntry[Entry]]:
    """EventBridge and Kinesis: one answer for each entry, in order, with an ErrorCode or with the id it was given."""
    said = dict(enumerate(map(_judge_position, _listed(call(**request, **{field: entries}), field))))
    judged = [(entry, said.get(position, NO_ANSWER)) for position, entry in enumerate(entries)]
    return [FailedEntry(entry, why) for entry, why in judged if why is not None]


def unprocessed(call: Call, entries: list[tuple[str, Entry]]) -> list[FailedEntry[tuple[str, Entry]]]:
    """DynamoDB: `UnprocessedItems` holds the write requests of each table that found no capacity; empty if all did."""
    requests: dict[str, list[Entry]] = {}
    for table, request in entries:
        requests.setdefault(table, []).append(request)
    left = call(RequestItems=requests).get("UnprocessedItems")
    if not isinstance(left, Mapping):
        return [FailedEntry(entry, NO_ANSWER) for entry in entries]
    failed: list[FailedEntry[tuple[str, Entry]]] = []
    for table, listed in left.items():
        if isinstance(listed, list) and all(isinstance(request, Mapping) for request in listed):
            failed += [FailedEntry((table, request), UNPROCESSED) for request in listed]
        else:
            failed += [FailedEntry(entry, NO_ANSWER) for entry in entries if entry[0] == table]
    return failed


def _judge_position(answer: object) -> Classification | None:
    """None for an entry that was taken."""
    if not isinstance(answer, Mapping):
        return NO_ANSWER
    if answer.get("ErrorCode"):
        return _judge(answer)
    return None if answer.get("EventId") or answer.get("SequenceNumber") else NO_ANSWER


def _judge(problem: Entry) -> Classification:
    code = known_code(problem.get("Code") or problem.get("ErrorCode"))
    sender_fault = problem.get("SenderFault")
    if code in aws_codes.THROTTLED:
        kind = ErrorKind.THROTTLED
    elif aws_codes.is_permanent(code):
        kind = ErrorKind.PERMANENT
    else:
        is_passing = sender_fault is False or (sender_fault is None and code in PASSING)
        kind = ErrorKind.TRANSIENT if is_passing else ErrorKind.PERMANENT
    return Classification(kind, code=code)


def _objects(answer: Mapping[str, object], field: str) -> list[Entry]:
    """The objects listed in this field of an answer."""
    return [one for one in _listed(answer, field) if isinstance(one, Mapping)]


def _listed(answer: Mapping[str, object], field: str) -> list[object]:
    """What this field of an answer lists; empty if it is not there."""
    found = answer.get(field)
    return list(found) if isinstance(found, list) else []
