"""docs/rules.schema.json judges a document as the code does."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aws_actions.call_fields import CALL_FIELDS
from aws_actions.rules.document import parse_rules
from aws_events.strict_json import Invalid, Json

ROOT = Path(__file__).parents[4]
SCHEMA = json.loads((ROOT / "docs/rules.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
VALUES: list[Json] = [
    "ALARM",
    "FIRING",
    "high",
    "a b",
    "",
    "ecs",
    "UpdateService",
    "x" * 256,
    5,
    0,
    -1,
    13201,
    0.5,
    None,
    True,
]
TEXTS = st.sampled_from(
    [
        "",
        "a$b",
        "$",
        "${alarm.name}",
        "a-${dimension.Load Balancer}",
        "${x}",
        "${",
        "$${alarm.name}",
        "${alarm.name",
        "a\n",
    ]
)
PARAMETERS = st.recursive(
    TEXTS | st.sampled_from([1, None, True]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "${alarm.name}"]), inner, max_size=2)
    ),
    max_leaves=4,
)
MATCHES = st.fixed_dictionaries(
    {"alarm": st.sampled_from(["*", "*", *VALUES]), "state": st.sampled_from(["OK", "OK", *VALUES])},
    optional={"severity": st.sampled_from(VALUES), "topic": st.just("x")},
)
REQUESTS = st.fixed_dictionaries(
    {
        "service": st.sampled_from(["ecs", "ecs", *VALUES]),
        "operation": st.sampled_from(["UpdateService", "UpdateService", *VALUES]),
        "parameters": st.dictionaries(st.sampled_from(["a", "${b}"]), PARAMETERS, max_size=2) | PARAMETERS,
    },
    optional={"expires_after": st.sampled_from(VALUES), "notify": st.sampled_from(VALUES), "other": st.just(1)},
)
RULES = st.fixed_dictionaries({}, optional={"match": MATCHES, "request": REQUESTS, "note": st.just("x")})
FULL = st.fixed_dictionaries({"match": MATCHES, "request": REQUESTS})
DOCUMENTS = st.fixed_dictionaries({"rules": st.lists(RULES | FULL, max_size=2) | st.sampled_from(VALUES)})


def rule(*, expires_after: float = 60, **parameters: object) -> dict[str, object]:
    request = {
        "service": "ecs",
        "operation": "UpdateService",
        "parameters": parameters,
        "expires_after": expires_after,
    }
    return {"match": {"alarm": "*", "state": "OK"}, "request": request}


def is_accepted(document: object) -> bool:
    try:
        parse_rules(json.dumps(document))
    except Invalid:
        return False
    return True


@given(document=DOCUMENTS)
@example({"rules": [rule()]})
@example({"rules": [], "other": 1})
@example({"rules": [rule(expires_after=13_200)]})
@example({"rules": [rule(expires_after=13_201)]})
@example({"rules": [rule(expires_after=0)]})
@example({"rules": [rule(a=[{"b": "${alarm.arn} $x"}])]})
@example({"rules": [rule(a=[{"b": "${alarm.arn} ${x}"}])]})
def test_schema_and_code_agree(document: object) -> None:
    assert VALIDATOR.is_valid(document) == is_accepted(document)


@pytest.mark.parametrize("field", CALL_FIELDS)
def test_the_schema_has_each_field_of_a_request(field: str) -> None:
    assert field in SCHEMA["$defs"]["request"]["properties"]
