import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from holdfast_cli.route_rows import Row, rows
from routes.document import parse_routes

DOCUMENT = {
    "accounts": {"111122223333": "shop-prod"},
    "routes": [
        {"match": {"severity": "high", "kind": "alarm"}, "destination": "on-call", "mention": "here"},
        {"match": {"source": "aws.guardduty"}, "destination": "security"},
        {"match": {"detail_type": "CodeBuild *"}, "destination": "builds"},
        {"match": {"resource": "orders-db"}, "destination": "orders"},
        {"match": {"tags": {"TableName": "ord*"}}, "destination": "orders"},
    ],
}


def shown(document: Mapping[str, object]) -> dict[str, Row]:
    return {row[0]: row for row in rows(parse_routes(json.dumps(document)))}


@pytest.mark.parametrize(
    ("sample", "destination"),
    [
        ("alarm-metric.json", "on-call"),
        ("guardduty-finding.json", "security"),
        ("codebuild-failed.json", "builds"),
        ("rds-message.json", "orders"),
        ("alarm-contributor.json", "orders"),
        ("ec2-stopped.json", "(default)"),
        ("cloudformation-resource-complete.txt", "(skipped)"),
    ],
)
def test_each_sample_is_shown_with_its_destination(sample: str, destination: str) -> None:
    assert shown(DOCUMENT)[sample][2] == destination


def test_names_of_accounts_and_mentions_are_shown() -> None:
    _, line, _, mention, _ = shown(DOCUMENT)["alarm-metric.json"]
    assert "(shop-prod, eu-west-1)" in line
    assert mention == "<!here>"


def test_the_samples_of_a_muted_route_are_shown_with_the_end_of_its_mute() -> None:
    ends = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=2)
    mute = {"from": f"{ends - timedelta(days=3):%Y-%m-%dT%H:%MZ}", "until": f"{ends:%Y-%m-%dT%H:%MZ}"}
    muted: dict[str, object] = {"match": {"kind": "alarm"}, "destination": "ops", "mute": mute}
    found = shown({"routes": [muted]})
    assert found["alarm-metric.json"][2:] == ("ops", "", f"until {ends:%Y-%m-%d %H:%M} UTC")
    assert {row[4] for row in found.values() if row[2] != "ops"} == {""}
    assert shown({"routes": [muted | {"mute_below": "high"}]})["alarm-metric.json"][2:] == ("ops", "", "")
