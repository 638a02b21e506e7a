import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aws_actions.calling.operations import check_parameters
from aws_actions.models import Call
from aws_actions.rules.document import parse_rules
from aws_actions.rules.rules import Rule
from aws_events.alarm import AlarmState
from aws_events.alarm_match import AlarmMatch
from aws_events.strict_json import Invalid
from tests.unit.aws_actions.builders import MODELS, UPDATE

ROOT = Path(__file__).parents[4]
MATCH = {"alarm": "checkout-*", "state": "ALARM"}


def document(*, match: object = MATCH, request: object = UPDATE, **rule: object) -> str:
    return json.dumps({"rules": [{"match": match, "request": request} | rule]})


def test_a_document_is_rules_in_their_order() -> None:
    template = UPDATE | {"parameters": {"service": "${dimension.ServiceName}"}, "expires_after": 60, "notify": True}
    first = {"match": MATCH | {"severity": "high"}, "request": template}
    second = {"match": {"alarm": "*", "state": "OK"}, "request": UPDATE}
    rules = parse_rules(json.dumps({"rules": [first, second]}))
    assert rules[0] == Rule(
        match=AlarmMatch(alarm="checkout-*", state=AlarmState.ALARM, severity="high"),
        call=Call(
            service="ecs",
            operation="UpdateService",
            parameters={"service": "${dimension.ServiceName}"},
            expires_after=60.0,
            notify=True,
        ),
    )
    assert rules[1].match == AlarmMatch(alarm="*", state=AlarmState.OK)


def test_a_document_may_have_no_rules() -> None:
    assert parse_rules('{"rules": []}') == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "document: must be JSON (line 1, column 2)"),
        ("{}", "document.rules: is missing"),
        (document(match={"alarm": "x"}), "rules[0].match.state: is missing"),
        (document(match=MATCH | {"alarm": ""}), "rules[0].match.alarm: must be a pattern of 1 to 255 characters"),
        (document(match=MATCH | {"state": "FIRING"}), "rules[0].match.state: must be one of ALARM, OK, "),
        (document(match=MATCH | {"severity": "very high"}), "rules[0].match.severity: must be a word, like high"),
        (document(match=MATCH | {"topic": "x"}), "rules[0].match.topic: is not a field; the fields are alarm, state, "),
        (document(request={"service": "ecs"}), "rules[0].request.operation: is missing"),
        (document(request=UPDATE | {"idempotency_key": "k"}), "rules[0].request.idempotency_key: is not a field"),
        (document(request=UPDATE | {"service": "${alarm.name}"}), "rules[0].request.service: must be the name of a "),
        (document(request=UPDATE | {"parameters": {"a": "${x}"}}), "rules[0].request.parameters.a: a placeholder is "),
    ],
)
def test_an_invalid_document_is_refused_with_the_field(text: str, problem: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_rules(text)
    assert str(caught.value).startswith(problem)


PAGE = (ROOT / "docs/actions.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(part.split("```")[0]) for part in PAGE.split("```json\n")[1:]]
RULES_OF_THE_PAGE = [example for example in EXAMPLES if "rules" in example]
RECIPES = [{k: v for k, v in one.items() if k != "idempotency_key"} for one in EXAMPLES if "rules" not in one]


def test_the_page_has_a_document_a_request_and_six_recipes() -> None:
    assert (len(RULES_OF_THE_PAGE), len(RECIPES)) == (1, 7)


@pytest.mark.parametrize(
    "text", [*map(json.dumps, RULES_OF_THE_PAGE), *(document(request=recipe) for recipe in RECIPES)]
)
def test_each_example_of_the_page_fits_the_api(text: str) -> None:
    [rule] = parse_rules(text)
    operation = MODELS.get_service_model(rule.call.service).operation_model(rule.call.operation)
    check_parameters(operation, rule.call.parameters)


TEXTS = st.text() | st.sampled_from(["${alarm.name}", "${", "}", "ecs", "ALARM", "$"])
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)
REQUESTS = st.fixed_dictionaries(
    {"service": st.just("ecs"), "operation": st.just("UpdateService"), "parameters": st.dictionaries(TEXTS, VALUES)}
)
RULES = st.fixed_dictionaries({"match": st.just(MATCH) | VALUES, "request": REQUESTS | VALUES})
DOCUMENTS = st.fixed_dictionaries({"rules": st.lists(RULES, min_size=1)})


@given(st.text() | VALUES.map(json.dumps) | DOCUMENTS.map(json.dumps))
@example("[" * 4000)
@example("\ud800")
@example("9" * 4096)
def test_any_text_is_rules_or_refused_with_a_field(text: str) -> None:
    try:
        parse_rules(text)
    except Invalid as problem:
        assert problem.field.startswith(("document", "rules"))  # noqa: PT017 - a valid text raises nothing
