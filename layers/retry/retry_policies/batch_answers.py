"""The failed entries of a batch call, in the answer format of each service; the status is 200 in any case.

An entry that the answer does not mention is AMBIGUOUS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from retry_policies import aws_codes
from retry_policies.aws_answers import known_code
from retry_policies.classification import DEFERRED, Classification, ErrorKind

type Call = Callable[..., Mapping[str, object]]
"""A method of a boto3 client."""
type Entry = Mapping[str, object]

TRANSIENT = aws_codes.TRANSIENT | {"InternalError", "InternalException", "InternalFailure"}
"""A fault of the service is not ambiguous for an entry: the answer says that the entry was not taken."""
NO_ANSWER = Classification(ErrorKind.AMBIGUOUS, code="no_answer")
UNPROCESSED = Classification(ErrorKind.THROTTLED, code="UnprocessedItems")


@dataclass(frozen=True, slots=True)
class FailedEntry[E]:
    """An entry that was not taken or may not have been."""

    entry: E
    classification: Classification


def failed_by_id(call: Call, field: str, request: Entry, entries: list[Entry]) -> list[FailedEntry[Entry]]:
    """Send to SQS or SNS: `Successful` lists Ids; `Failed` lists Id, Code and SenderFault."""
    answer = call(**request, **{field: entries})
    answers: dict[str, Classification | None] = {str(one.get("Id")): None for one in _objects(answer, "Successful")}
    answers |= {str(failed.get("Id")): _classify(failed) for failed in _objects(answer, "Failed")}
    return _failed(entries, [answers.get(str(entry["Id"]), NO_ANSWER) for entry in entries])


def failed_by_position(call: Call, field: str, request: Entry, entries: list[Entry]) -> list[FailedEntry[Entry]]:
    """Send to EventBridge or Kinesis: one answer for each entry, in order, with an ErrorCode or the entry's new id."""
    answers = map(_classify_position, _listed(call(**request, **{field: entries}), field))
    return _failed(entries, [*answers, *[NO_ANSWER] * len(entries)])


def unprocessed(call: Call, entries: list[tuple[str, Entry]]) -> list[FailedEntry[tuple[str, Entry]]]:
    """Send to DynamoDB: `UnprocessedItems` lists, by table, the write requests for which there was no capacity."""
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


def _failed(entries: list[Entry], answers: list[Classification | None]) -> list[FailedEntry[Entry]]:
    """Pair entries with their answers, and leave out those that were taken (None)."""
    return [FailedEntry(entry, failed) for place, entry in enumerate(entries) if (failed := answers[place]) is not None]


def _classify_position(answer: object) -> Classification | None:
    """Return None for an entry that was taken."""
    if not isinstance(answer, Mapping):
        return NO_ANSWER
    if answer.get("ErrorCode"):
        return _classify(answer)
    return None if answer.get("EventId") or answer.get("SequenceNumber") else NO_ANSWER


def _classify(failed: Entry) -> Classification:
    """Classify by the code, which says more than SenderFault, or else by SenderFault."""
    code = known_code(failed.get("Code") or failed.get("ErrorCode"))
    if code in aws_codes.DEFERRED:
        return Classification(ErrorKind.THROTTLED, DEFERRED, code)
    if code in aws_codes.THROTTLED:
        kind = ErrorKind.THROTTLED
    elif code in TRANSIENT:
        kind = ErrorKind.TRANSIENT
    else:
        is_transient = failed.get("SenderFault") is False and not aws_codes.is_permanent(code)
        kind = ErrorKind.TRANSIENT if is_transient else ErrorKind.PERMANENT
    return Classification(kind, code=code)


def _objects(answer: Mapping[str, object], field: str) -> list[Entry]:
    return [one for one in _listed(answer, field) if isinstance(one, Mapping)]


def _listed(answer: Mapping[str, object], field: str) -> list[object]:
    """Return the list in this field; empty if there is none."""
    found = answer.get(field)
    return list(found) if isinstance(found, list) else []
