from typing import Any

import pytest

from aws_events.sqs_attributes import SqsAttribute, is_sendable, message_size, to_sqs


def text(value: str) -> dict[str, str]:
    return {"dataType": "String", "stringValue": value}


def test_attributes_are_sent_as_they_were_received() -> None:
    binary = {"dataType": "Binary.png", "binaryValue": "AAE="}
    assert [to_sqs(one) for one in (text("blue"), binary, {})] == [
        {"DataType": "String", "StringValue": "blue"},
        {"DataType": "Binary.png", "BinaryValue": b"\0\1"},
        {"DataType": "String", "StringValue": ""},
    ]


@pytest.mark.parametrize(
    ("name", "attribute", "is_sent"),
    [
        ("ok", text("x"), True),
        ("number", {"dataType": "Number", "stringValue": "1.5"}, True),
        ("binary", {"dataType": "Binary", "binaryValue": "AAE="}, True),
        ("nan", {"dataType": "Number", "stringValue": "nan"}, False),
        ("word", {"dataType": "Number", "stringValue": "one"}, False),
        ("empty", text(""), False),
        ("padding", {"dataType": "Binary", "binaryValue": "a"}, False),
        ("kind", {"dataType": "Text", "stringValue": "x"}, False),
        ("list", {"dataType": "String", "stringValue": ["x"]}, False),
        ("bad name!", text("x"), False),
        ("surrogate", text("\ud83d"), False),
    ],
)
def test_only_attributes_that_sqs_accepts_are_sendable(name: str, attribute: dict[str, Any], *, is_sent: bool) -> None:
    assert is_sendable(name, attribute) == is_sent


def test_the_size_is_counted_as_sqs_does() -> None:
    binary: SqsAttribute = {"DataType": "Binary", "BinaryValue": b"\0\1\2"}
    word: SqsAttribute = {"DataType": "String", "StringValue": "é"}
    assert message_size("aé", {"b": binary, "t": word}) == 3 + (1 + 6 + 3) + (1 + 6 + 2)
