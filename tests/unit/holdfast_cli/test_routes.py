import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from holdfast_cli import account, routes
from holdfast_cli.failures import CommandFailed, Exit
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack
from tests.unit.holdfast_cli.command import Run

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


def shown(document: Mapping[str, object]) -> dict[str, routes.Row]:
    return {row[0]: row for row in routes.rows(routes.check(json.dumps(document)))}


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


def test_a_document_is_checked_without_an_account(run: Run, tmp_path: Path) -> None:
    (tmp_path / "routes.json").write_text(json.dumps(DOCUMENT))
    table = run("routes", "check", str(tmp_path / "routes.json"))
    assert (table.code, "alarm-metric.json" in table.out) == (0, True)
    rows = json.loads(run("routes", "check", str(tmp_path / "routes.json"), "--json").out)
    assert {"sample": "ec2-stopped.json", "destination": "(default)"}.items() <= {
        name: value for row in rows if row["sample"] == "ec2-stopped.json" for name, value in row.items()
    }.items()


def test_an_invalid_document_is_wrong_usage_and_is_not_stored(run: Run, tmp_path: Path) -> None:
    (tmp_path / "routes.json").write_text('{"routes": 1}')
    for command in ("check", "store"):
        finished = run(
            "routes",
            command,
            str(tmp_path / "routes.json"),
        )
        assert (finished.code, finished.out) == (Exit.USAGE, "")
        assert "failed: the document is not valid: routes" in finished.err


@pytest.mark.usefixtures("session")
def test_a_document_is_stored_where_the_stack_reads_it_and_shown() -> None:
    known = account_with(Session({"us-east-1": CloudFormation({"holdfast": stack()})}))
    with pytest.raises(CommandFailed, match="stack holdfast has no routes: /holdfast/routes does not exist"):
        routes.fetch(known, "holdfast")
    text = json.dumps(DOCUMENT)
    assert routes.store(known, "holdfast", text) == ("/holdfast/routes", 1)
    assert routes.fetch(known, "holdfast") == text


def test_an_invalid_document_names_the_field() -> None:
    with pytest.raises(CommandFailed, match=r"routes\[0\]\.match\.serverity: is not a field"):
        routes.check('{"routes": [{"match": {"serverity": "x"}, "destination": "a"}]}')


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="cannot be read: FileNotFoundError"):
        routes.read(tmp_path / "none.json")


@pytest.mark.usefixtures("session")
def test_the_replaced_version_is_said_with_the_command_that_restores_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = Session({"us-east-1": CloudFormation({"holdfast": stack()})})
    monkeypatch.setattr(account, "boto3", SimpleNamespace(Session=lambda **_: session))
    (tmp_path / "routes.json").write_text(json.dumps(DOCUMENT))
    words = ("routes", "store", str(tmp_path / "routes.json"))
    assert "it replaces" not in run(*words).out
    assert "it replaces version 1; to restore that: aws ssm get-parameter --name /holdfast/routes:1 " in run(*words).out
    assert json.loads(run(*words, "--json").out) == {
        "stored": "/holdfast/routes",
        "routes": 5,
        "version": 3,
        "replaced": 2,
    }


@pytest.mark.usefixtures("session")
def test_a_stored_document_is_shown_as_json_only_if_it_is_valid(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session({"us-east-1": CloudFormation({"holdfast": stack()})})
    monkeypatch.setattr(account, "boto3", SimpleNamespace(Session=lambda **_: session))
    routes.store(account_with(session), "holdfast", json.dumps(DOCUMENT))
    assert json.loads(run("routes", "show", "--json").out) == DOCUMENT
    routes.store(account_with(session), "holdfast", "by hand")
    finished = run("routes", "show", "--json")
    assert (finished.code, finished.out) == (Exit.USAGE, "")
    assert "the document is not valid" in finished.err
