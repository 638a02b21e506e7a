import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aws_events.strict_json import Invalid
from intake.routes import Match, Route
from intake.routes_document import KINDS, STATES, parse_routes
from notifications.models import Kind, Status

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
ROOT = Path(__file__).parents[3]


def document(**route: object) -> str:
    return json.dumps({"routes": [{"match": {}, "destination": "ops"} | route]})


def test_a_document_is_routes_in_their_order() -> None:
    match = {
        "topic": TOPIC,
        "account": "111122223333",
        "region": "us-gov-west-1",
        "alarm": "checkout-*",
        "state": "ALARM",
        "severity": "HIGH",
        "kind": "alarm",
    }
    assert match.keys() == {field.name for field in fields(Match)}
    first = {"match": match, "destination": "checkout", "mention": "here"}
    assert parse_routes(json.dumps({"routes": [first, {"match": {}, "destination": "ops-2"}]})) == (
        Route(
            Match(
                topic=TOPIC,
                account="111122223333",
                region="us-gov-west-1",
                alarm="checkout-*",
                state=Status.FIRING,
                severity="HIGH",
                kind=Kind.ALARM,
            ),
            "checkout",
            "<!here>",
        ),
        Route(Match(), "ops-2"),
    )


def test_a_document_may_have_no_routes() -> None:
    assert parse_routes('{"routes": []}') == ()


@pytest.mark.parametrize(
    ("mention", "markup"),
    [
        ("here", "<!here>"),
        ("channel", "<!channel>"),
        ("everyone", "<!everyone>"),
        ("U012AB3CD", "<@U012AB3CD>"),
        ("W012AB3CD", "<@W012AB3CD>"),
        ("S012AB3CD", "<!subteam^S012AB3CD>"),
    ],
)
def test_a_mention_becomes_slacks_own_markup(mention: str, markup: str) -> None:
    [route] = parse_routes(document(mention=mention))
    assert route.mention == markup


@pytest.mark.parametrize(("word", "status"), STATES.items())
def test_a_state_is_cloudwatchs_word_or_ours(word: str, status: Status) -> None:
    [route] = parse_routes(document(match={"state": word}))
    assert route.match.state is status


def test_each_state_and_kind_there_is_can_be_matched() -> None:
    assert set(STATES.values()) == set(Status)
    assert set(KINDS.values()) == set(Kind)


def test_the_example_in_the_documentation_is_one() -> None:
    page = (ROOT / "docs/routes.md").read_text(encoding="utf-8")
    [example_of_the_page] = page.split("```json\n")[1:]
    assert parse_routes(example_of_the_page.split("```")[0])


WORDS = [*[field.name for field in fields(Match)], "routes", "match", "destination", "mention", "ALARM", "ops", "here"]
TEXTS = st.text() | st.sampled_from(WORDS)
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)
MATCHES = st.dictionaries(st.sampled_from([field.name for field in fields(Match)]), VALUES, max_size=2)
ROUTES = st.fixed_dictionaries({"match": MATCHES, "destination": st.just("ops")}, optional={"mention": TEXTS})
DOCUMENTS = st.fixed_dictionaries({"routes": st.lists(ROUTES, min_size=1)})


@given(st.text() | VALUES.map(json.dumps) | DOCUMENTS.map(json.dumps))
@example("[" * 4000)
@example("\ud800")
@example('{"routes": "\\ud800"}')
@example("9" * 4096)
@example('{"routes": [NaN]}')
def test_any_text_is_routes_or_refused_by_a_field(text: str) -> None:
    try:
        routes = parse_routes(text)
    except Invalid:
        return
    assert all(isinstance(route, Route) for route in routes)
