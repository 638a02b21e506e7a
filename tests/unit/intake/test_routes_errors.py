import json

import pytest

from aws_events.strict_json import Invalid
from intake.routes_document import LIMIT, parse_routes


def document(**route: object) -> str:
    return json.dumps({"routes": [{"match": {}, "destination": "ops"} | route]})


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "document: must be JSON (line 1, column 1)"),
        ('{"routes": [],}', "document: must be JSON (line 1, column 14)"),
        ("[" * LIMIT, "document: "),  # which of two is said differs from one build of Python to another,
        (f'{{"routes": []{" " * LIMIT}}}', "document: must be at most 4096 bytes"),
        (f'{{"é": "{"é" * 2050}"}}', "document: must be at most 4096 bytes"),
        ("[]", "document: must be an object"),
        ("{}", "document.routes: is missing"),
        ('{"routes": {}}', "routes: must be a list"),
        ('{"routes": [], "version": 1}', "document.version: is not a field; there are routes"),
        ('{"routes": [], "routes": []}', "document: has an object with the same field twice"),
        ('{"routes": ["ops"]}', "routes[0]: must be an object"),
        ('{"routes": [{"destination": "ops"}]}', "routes[0].match: is missing"),
        ('{"routes": [{"match": {}}]}', "routes[0].destination: is missing"),
        (document(to="x"), "routes[0].to: is not a field; there are match, destination, mention"),
        (document(match={"https://canary": 1}), "routes[0].match.?: is not a field; there are topic, account, region,"),
        (document(match=[]), "routes[0].match: must be an object"),
        (document(match={"name": "x"}), "routes[0].match.name: is not a field"),
        (document(match={"state": "canary"}), "routes[0].match.state: must be one of ALARM, OK, INSUFFICIENT_DATA, "),
        (document(match={"state": "alarm"}), "routes[0].match.state: must be one of"),
        (document(match={"state": None}), "routes[0].match.state: must be one of"),
        (document(match={"state": ["ALARM"]}), "routes[0].match.state: must be one of"),
        (document(match={"kind": "Alarm"}), "routes[0].match.kind: must be one of alarm, event, text"),
        (document(match={"topic": ""}), "routes[0].match.topic: must be the name or the ARN of a topic"),
        (document(match={"topic": "arn:aws:sqs:eu-west-1:111122223333:x"}), "routes[0].match.topic: must be"),
        (document(match={"account": 111122223333}), "routes[0].match.account: must be 12 digits, in quotes"),
        (document(match={"account": "1111"}), "routes[0].match.account: must be 12 digits"),
        (document(match={"region": "EU (Ireland)"}), "routes[0].match.region: must be the code of a Region"),
        (document(match={"alarm": ""}), "routes[0].match.alarm: must be a pattern of 1 to 255 characters"),
        (document(match={"alarm": "x" * 256}), "routes[0].match.alarm: must be a pattern"),
        (document(match={"severity": 8}), "routes[0].match.severity: must be a word of the source"),
        (document(destination="https://canary"), "routes[0].destination: must be the name of a destination: 1 to 64"),
        (document(destination="../ops"), "routes[0].destination: must be"),
        (document(destination="Ops"), "routes[0].destination: must be"),
        (document(destination=None), "routes[0].destination: must be"),
        (document(mention="@here"), "routes[0].mention: must be here, channel, everyone, or the id of a user"),
        (document(mention="<!here>"), "routes[0].mention: must be"),
        (document(mention="U1>\n<!channel"), "routes[0].mention: must be"),
        (document(mention="U012AB3CD\n"), "routes[0].mention: must be"),
        (document(mention=""), "routes[0].mention: must be"),
    ],
)
def test_an_error_names_the_field_and_its_rule_and_shows_no_value(text: str, error: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_routes(text)
    assert str(caught.value).startswith(error)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_error_tells_which_route_it_is_about() -> None:
    good = {"match": {}, "destination": "ops"}
    with pytest.raises(Invalid, match=r"^routes\[2\]\.destination: is missing$"):
        parse_routes(json.dumps({"routes": [good, good, {"match": {}}]}))
