import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from holdfast_cli import routes
from holdfast_cli.failures import CommandFailed

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


def shown(document: Mapping[str, object]) -> dict[str, str]:
    console = Console(width=400, record=True, file=io.StringIO())
    routes.show(routes.check(json.dumps(document)), console)
    lines = console.export_text().splitlines()
    return {cells[1].strip(): line for line in lines if len(cells := line.split("│")) > 4}


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
    assert destination in shown(DOCUMENT)[sample]


def test_names_of_accounts_and_mentions_are_shown() -> None:
    line = shown(DOCUMENT)["alarm-metric.json"]
    assert "(shop-prod, eu-west-1)" in line
    assert "<!here>" in line


def test_an_invalid_document_names_the_field() -> None:
    with pytest.raises(CommandFailed, match=r"routes\[0\]\.match\.serverity: is not a field"):
        routes.check('{"routes": [{"match": {"serverity": "x"}, "destination": "a"}]}')


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="cannot be read: FileNotFoundError"):
        routes.read(tmp_path / "none.json")
