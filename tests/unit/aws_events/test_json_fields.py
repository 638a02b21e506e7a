import re
from collections.abc import Callable

import pytest

from aws_events.json_fields import Fields, load_list
from aws_events.strict_json import Invalid, Json

LETTERS = re.compile("[a-z]+")
READERS: dict[str, Callable[[Fields], object]] = {
    "text": lambda fields: fields.text("name", LETTERS, "letters"),
    "choice": lambda fields: fields.choice("name", {"one": 1, "two": 2}),
    "object": lambda fields: fields.object("name"),
    "flag": lambda fields: fields.flag("name"),
    "seconds": lambda fields: fields.seconds("name", 60),
}
SECONDS = "must be a number of seconds, more than 0 and at most 60"


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        ("text", "abc", "abc"),
        ("choice", "two", 2),
        ("object", {"a": 1}, {"a": 1}),
        ("flag", True, True),
        ("seconds", 60, 60.0),
        ("seconds", 0.5, 0.5),
    ],
)
def test_a_field_is_read(reader: str, value: Json, expected: object) -> None:
    assert READERS[reader](Fields({"name": value}, "document")) == expected


@pytest.mark.parametrize(
    ("reader", "expected"), [("text", None), ("choice", None), ("object", {}), ("flag", False), ("seconds", None)]
)
def test_a_missing_field_has_a_default(reader: str, expected: object) -> None:
    assert READERS[reader](Fields({}, "document")) == expected


@pytest.mark.parametrize(
    ("reader", "values", "rule"),
    [
        ("text", ["ABC", "", 5], "must be letters"),
        ("choice", ["three", 1], "must be one of one, two"),
        ("object", [[], None], "must be an object"),
        ("flag", ["true", 1, None], "must be true or false"),
        ("seconds", [0, 61, -1, True, "5"], SECONDS),
    ],
)
def test_an_invalid_field_is_named_with_its_rule(reader: str, values: list[Json], rule: str) -> None:
    for value in values:
        with pytest.raises(Invalid, match=f"^rules\\[2\\].name: {rule}$"):
            READERS[reader](Fields({"name": value}, "rules[2]"))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "document: must be an object"),
        ({"b": 1}, "document.a: is missing"),
        ({"a": 1, "c": 1}, "document.c: is not a field; the fields are a, b"),
        ({"a": 1, "pasted secret": 1}, "document.?: is not a field; the fields are a, b"),
    ],
)
def test_an_object_has_its_required_fields_and_no_unknown_one(value: Json, problem: str) -> None:
    assert Fields.of({"a": 1}, "document", known=["a", "b"], required=["a"]).values == {"a": 1}
    with pytest.raises(Invalid, match=f"^{re.escape(problem)}$"):
        Fields.of(value, "document", known=["a", "b"], required=["a"])


def test_the_list_of_a_document_is_its_only_field() -> None:
    assert load_list('{"rules": [1]}', "rules", 100) == [1]
    for text in ('{"rules": {}}', '{"rules": [], "more": 1}', "{}"):
        with pytest.raises(Invalid):
            load_list(text, "rules", 100)
