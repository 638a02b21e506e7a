from collections.abc import Mapping

import pytest

from retry_policies import Classification, ErrorKind
from retry_policies.batch_answers import FailedEntry, failed_by_id, failed_by_position, unprocessed

NO_ANSWER = Classification(ErrorKind.AMBIGUOUS, code="no_answer")
UNPROCESSED = Classification(ErrorKind.THROTTLED, code="UnprocessedItems")
ENTRIES: list[Mapping[str, object]] = [{"Id": "1"}, {"Id": "2"}, {"Id": "3"}]
TAKEN = [{"Id": "1"}, {"Id": "2"}]


def classified(failed: list[FailedEntry[Mapping[str, object]]]) -> dict[object, Classification]:
    return {one.entry["Id"]: one.classification for one in failed}


def transient(code: str) -> Classification:
    return Classification(ErrorKind.TRANSIENT, code=code)


def throttled(code: str) -> Classification:
    return Classification(ErrorKind.THROTTLED, code=code)


def permanent(code: str) -> Classification:
    return Classification(ErrorKind.PERMANENT, code=code)


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        ({"Code": "?", "SenderFault": False}, transient("unknown_code")),
        ({"Code": "InternalError", "SenderFault": False}, transient("InternalError")),
        ({"Code": "InternalError"}, transient("InternalError")),
        ({"Code": "Throttling", "SenderFault": True}, throttled("Throttling")),
        ({"Code": "InvalidMessageContents", "SenderFault": True}, permanent("InvalidMessageContents")),
        ({"Code": "OverLimit", "SenderFault": True}, Classification(ErrorKind.THROTTLED, 60.0, "OverLimit")),
        ({"Code": "ServiceUnavailable", "SenderFault": True}, transient("ServiceUnavailable")),
        ({"Code": "RequestTimeout", "SenderFault": True}, transient("RequestTimeout")),
        ({"Code": "AccessDenied", "SenderFault": False}, permanent("AccessDenied")),
        ({"Code": "KMS.DisabledException", "SenderFault": False}, permanent("KMS.DisabledException")),
        ({"Code": "https://secret", "SenderFault": True}, permanent("unknown_code")),
        ({"Code": "Whatever"}, permanent("Whatever")),
    ],
)
def test_a_failed_entry_is_classified_by_code_and_fault(failed: dict[str, object], expected: Classification) -> None:
    answer = {"Successful": [*TAKEN, {"Id": "3"}], "Failed": [{"Id": "3", "Message": "m", **failed}]}
    assert classified(failed_by_id(lambda **_: answer, "Entries", {}, ENTRIES)) == {"3": expected}


@pytest.mark.parametrize(
    ("answer", "unmentioned"),
    [
        ({}, "123"),
        ({"Failed": None, "Successful": "x"}, "123"),
        ({"Failed": [None], "Successful": [None, *TAKEN]}, "3"),
        ({"Failed": [{"Id": "9"}], "Successful": [{"Id": "9"}]}, "123"),
        ({"Successful": [{"Id": ["1"]}, *TAKEN[1:]]}, "13"),
    ],
)
def test_an_entry_whose_id_is_not_mentioned_is_ambiguous(answer: dict[str, object], unmentioned: str) -> None:
    failed = failed_by_id(lambda **_: answer, "Entries", {}, ENTRIES)
    assert classified(failed) == dict.fromkeys(unmentioned, NO_ANSWER)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (None, dict.fromkeys("123", NO_ANSWER)),
        ([{"EventId": "e"}], dict.fromkeys("23", NO_ANSWER)),
        ([{"EventId": "e"}, None, {"SequenceNumber": "4"}], {"2": NO_ANSWER}),
        ([{"EventId": "e"}, {}, {"EventId": ""}], dict.fromkeys("23", NO_ANSWER)),
        ([{"EventId": "e"}] * 4, {}),
        (
            [{"ErrorCode": "InternalFailure"}, {"ErrorCode": "ThrottlingException"}, {"ErrorCode": "MalformedDetail"}],
            {
                "1": transient("InternalFailure"),
                "2": throttled("ThrottlingException"),
                "3": permanent("MalformedDetail"),
            },
        ),
    ],
)
def test_answers_by_position_are_matched_by_position(answers: object, expected: dict[object, Classification]) -> None:
    failed = failed_by_position(lambda **_: {"Records": answers}, "Records", {}, ENTRIES)
    assert classified(failed) == expected


TABLES = [("a", ENTRIES[0]), ("b", ENTRIES[1]), ("b", ENTRIES[2])]


UNREADABLE: list[object] = [None, "x", [None], [None, ENTRIES[1]]]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ({}, []),
        ({"a": []}, []),
        ({"a": [ENTRIES[0]], "b": [ENTRIES[2]]}, [(TABLES[0], UNPROCESSED), (TABLES[2], UNPROCESSED)]),
        *((left, [(entry, NO_ANSWER) for entry in TABLES]) for left in UNREADABLE),
        *(
            ({"a": [ENTRIES[0]], "b": left}, [(TABLES[0], UNPROCESSED), (TABLES[1], NO_ANSWER), (TABLES[2], NO_ANSWER)])
            for left in UNREADABLE
        ),
    ],
)
def test_unprocessed_items_are_throttled_and_unreadable_ones_ambiguous(left: object, expected: object) -> None:
    requests: list[object] = []

    def call(**request: object) -> Mapping[str, object]:
        requests.append(request)
        return {"UnprocessedItems": left}

    assert [(one.entry, one.classification) for one in unprocessed(call, TABLES)] == expected
    assert requests == [{"RequestItems": {"a": ENTRIES[:1], "b": ENTRIES[1:]}}]
