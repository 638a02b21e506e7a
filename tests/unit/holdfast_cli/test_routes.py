import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from holdfast_cli import account, routes
from holdfast_cli.failures import CommandFailed, Exit
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack
from tests.unit.holdfast_cli.command import Run

DOCUMENT = {"routes": [{"match": {"source": "aws.guardduty"}, "destination": "security"}]}


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
        "routes": 1,
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
