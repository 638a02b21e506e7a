"""docs/routes.schema.json judges a document as the code does."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aws_events.strict_json import Invalid, Json
from intake.routes_document import KNOWN, parse_routes

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "routes.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
VALUES: list[Json] = [
    "ops",
    "Ops",
    "",
    "here",
    "U012AB3CD",
    "nobody",
    "111122223333",
    "1111",
    "eu-west-1",
    "Ireland",
    "ALARM",
    "alarm",
    "FIRING",
    "high",
    "aws.guardduty",
    "a b",
    "x" * 256,
    5,
    None,
    True,
    [],
    {},
    {"Stage": "prod*"},
    {"Stage": 1},
]
MATCHES = st.dictionaries(st.sampled_from([*KNOWN, "unknown"]), st.sampled_from(VALUES), max_size=3)
ROUTES = st.fixed_dictionaries(
    {},
    optional={
        "match": MATCHES | st.sampled_from(VALUES),
        "destination": st.sampled_from(["ops", "ops", "ops", *VALUES]),
        "mention": st.sampled_from(VALUES),
        "remind_after": st.sampled_from([4, 0.5, 168, 169, 0, *VALUES]),
        "follow": st.sampled_from(["update", "thread", "off", *VALUES]),
        "matches": st.sampled_from(VALUES),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {"routes": st.lists(ROUTES, max_size=2) | st.sampled_from(VALUES)},
    optional={
        "accounts": st.dictionaries(
            st.sampled_from(["111122223333", "1", "prod"]), st.sampled_from(VALUES), max_size=2
        ),
        "other": st.sampled_from(VALUES),
    },
)


def is_accepted(document: object) -> bool:
    try:
        parse_routes(json.dumps(document))
    except Invalid:
        return False
    return True


@given(document=DOCUMENTS)
def test_schema_and_code_agree(document: object) -> None:
    assert VALIDATOR.is_valid(document) == is_accepted(document)


@pytest.mark.parametrize("field", KNOWN)
def test_the_schema_has_each_field_of_a_match(field: str) -> None:
    assert field in SCHEMA["$defs"]["match"]["properties"]
