import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aws_events.severity import Severity
from aws_events.strict_json import Invalid
from notifications.models import Kind, Status
from routes.document import KINDS, LIMIT, STATES, parse_routes
from routes.mute import MuteAgain, MuteOnce
from routes.route import Match, Route, Routes

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
        "source": "aws.cloudwatch",
        "detail_type": "CloudWatch *",
        "resource": "checkout-*",
        "tags": {"Stage": "prod*"},
    }
    assert match.keys() == {field.name for field in fields(Match)}
    first = {"match": match, "destination": "checkout", "mention": "here"}
    assert parse_routes(json.dumps({"routes": [first, {"match": {}, "destination": "ops-2"}]})).routes == (
        Route(
            Match(
                topic=TOPIC,
                account="111122223333",
                region="us-gov-west-1",
                alarm="checkout-*",
                state=Status.FIRING,
                severity="HIGH",
                kind=Kind.ALARM,
                source="aws.cloudwatch",
                detail_type="CloudWatch *",
                resource="checkout-*",
                tags={"Stage": "prod*"},
            ),
            "checkout",
            "<!here>",
        ),
        Route(Match(), "ops-2"),
    )
    assert parse_routes('{"routes": []}') == Routes()


def test_a_document_may_name_accounts() -> None:
    text = '{"routes": [], "accounts": {"111122223333": "shop prod"}}'
    assert parse_routes(text).accounts == {"111122223333": "shop prod"}


@pytest.mark.parametrize("follow", ["update", "thread", "off"])
def test_a_route_decides_how_an_alarm_is_followed(follow: str) -> None:
    assert [route.follow for route in parse_routes(document(follow=follow)).routes] == [follow]


@pytest.mark.parametrize("hours", [4, 0.5, 168])
def test_a_route_decides_when_people_are_reminded(hours: float) -> None:
    assert [route.remind_after for route in parse_routes(document(remind_after=hours)).routes] == [hours]


def test_a_route_may_be_muted_below_a_severity() -> None:
    mute = {"from": "2026-12-24T18:00Z", "until": "2026-12-24T19:00Z"}
    [route] = parse_routes(document(mute=mute, mute_below="high")).routes
    begins = datetime(2026, 12, 24, 18, tzinfo=UTC).timestamp()
    assert (route.mute, route.mute_below) == (MuteOnce(begins, begins + 3_600.0), Severity.HIGH)


def test_a_route_has_its_number_in_the_document() -> None:
    route = {"match": {}, "destination": "ops"}
    assert [one.number for one in parse_routes(json.dumps({"routes": [route] * 3})).routes] == [0, 1, 2]


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
    [route] = parse_routes(document(mention=mention)).routes
    assert route.mention == markup


@pytest.mark.parametrize(("word", "status"), STATES.items())
def test_a_state_is_cloudwatchs_or_our_own_word(word: str, status: Status) -> None:
    [route] = parse_routes(document(match={"state": word})).routes
    assert route.match.state is status


def test_each_state_and_kind_can_be_matched() -> None:
    assert set(STATES.values()) == set(Status)
    assert set(KINDS.values()) == set(Kind)


def test_the_examples_in_the_documentation_are_valid() -> None:
    page = (ROOT / "docs/routes.md").read_text(encoding="utf-8")
    first, muted = (parse_routes(block.split("```")[0]).routes for block in page.split("```json\n")[1:])
    assert [one.mute for one in first] == [None] * 3
    assert [type(one.mute) for one in muted] == [MuteOnce, MuteAgain, MuteAgain]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "document: must be JSON (line 1, column 1)"),
        (f'{{"routes": []{" " * LIMIT}}}', "document: must be at most 4096 bytes"),
        ("[]", "document: must be an object"),
        ("{}", "document.routes: is missing"),
        ('{"routes": {}}', "routes: must be a list"),
        ('{"routes": [], "version": 1}', "document.version: is not a field; the fields are routes, accounts"),
        ('{"routes": ["ops"]}', "routes[0]: must be an object"),
        ('{"routes": [{"destination": "ops"}]}', "routes[0].match: is missing"),
        ('{"routes": [{"match": {}, "destination": "ops"}, {"match": {}}]}', "routes[1].destination: is missing"),
        (
            document(to="x"),
            "routes[0].to: is not a field; the fields are match, destination, mention, follow, remind_after, mute",
        ),
        (document(remind_after=169), "routes[0].remind_after: must be a number of hours, more than 0 and at most 168"),
        (document(remind_after=True), "routes[0].remind_after: must be a number of hours"),
        (document(mute={}), "routes[0].mute.from: is missing"),
        (document(mute_below="high"), "routes[0].mute_below: needs mute"),
        (
            document(mute={"from": "18:00", "until": "19:00", "zone": "UTC"}, mute_below="info"),
            "routes[0].mute_below: must be one of critical, high, medium, low",
        ),
        (document(follow="all"), "routes[0].follow: must be one of off, thread, update"),
        (
            document(match={"https://canary": 1}),
            "routes[0].match.?: is not a field; the fields are alarm, state, severity, topic,",
        ),
        (document(match={"name": "x"}), "routes[0].match.name: is not a field"),
        (document(match={"state": "canary"}), "routes[0].match.state: must be one of ALARM, OK, INSUFFICIENT_DATA, "),
        (document(match={"kind": "Alarm"}), "routes[0].match.kind: must be one of alarm, event, text"),
        (document(match={"topic": ""}), "routes[0].match.topic: must be the name or the ARN of a topic"),
        (document(match={"topic": "arn:aws:sqs:eu-west-1:111122223333:x"}), "routes[0].match.topic: must be"),
        (document(match={"account": 111122223333}), "routes[0].match.account: must be 12 digits, in quotes"),
        (document(match={"region": "EU (Ireland)"}), "routes[0].match.region: must be the code of a Region"),
        (document(match={"alarm": ""}), "routes[0].match.alarm: must be a pattern of 1 to 255 characters"),
        (document(match={"alarm": "x" * 256}), "routes[0].match.alarm: must be a pattern"),
        (
            document(match={"severity": 8}),
            "routes[0].match.severity: must be critical, high, medium, low, info, or a word",
        ),
        (document(match={"source": "a b"}), "routes[0].match.source: must be the source of an EventBridge event"),
        (document(match={"resource": ""}), "routes[0].match.resource: must be a pattern of names or ARNs"),
        (document(match={"tags": {"Stage": 1}}), "routes[0].match.tags.Stage: must be a pattern of the tag's value"),
        ('{"routes": [], "accounts": {"shop": "x"}}', "accounts.shop: must be 12 digits, in quotes"),
        ('{"routes": [], "accounts": {"111122223333": "<x>"}}', "accounts.111122223333: must be a name of 1 to 64"),
        (document(destination="https://canary"), "routes[0].destination: must be the name of a destination: 1 to 64"),
        (document(destination="../ops"), "routes[0].destination: must be"),
        (document(destination="Ops"), "routes[0].destination: must be"),
        (document(mention="@here"), "routes[0].mention: must be here, channel, everyone, or the id of a user"),
        (document(mention="U1>\n<!channel"), "routes[0].mention: must be"),
        (document(mention="U012AB3CD\n"), "routes[0].mention: must be"),
    ],
)
def test_an_error_names_the_field_and_its_rule_and_shows_no_value(text: str, error: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_routes(text)
    assert str(caught.value).startswith(error)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


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
        routes = parse_routes(text).routes
    except Invalid:
        return
    assert all(isinstance(route, Route) for route in routes)
