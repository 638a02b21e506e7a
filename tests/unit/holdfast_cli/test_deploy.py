import io

import pytest
import typer
from rich.console import Console
from typer.core import TyperGroup

from holdfast_cli.app import app
from holdfast_cli.deploy import answers, confirm_changes, reader
from holdfast_cli.deployment.change_set import Change
from holdfast_cli.deployment.plan import Plan
from holdfast_cli.failures import Exit
from tests.unit.holdfast_cli.command import Run

PLAN = Plan("holdfast", is_new=False)
NO_OPTIONS = {"DefaultDestination": "", "OpsEmail": ""}
CHANGES = [Change("Modify", "Queue", "AWS::SQS::Queue", "True"), Change("Add", "Topic", "AWS::SNS::Topic")]


def test_enter_omits_each_parameter() -> None:
    questions: list[str] = []

    def enter(question: str) -> str:
        questions.append(question.partition(":")[0])
        return ""

    assert answers({"DirectTopicArn": ""}, NO_OPTIONS, enter) == {"DirectTopicArn": ""}
    assert questions == ["default destination", "ops e-mail"]


def test_given_values_are_not_asked_for() -> None:
    options = {"DefaultDestination": "ops", "OpsEmail": "ops@example.com"}
    assert answers({"Pace": "quick"}, options, pytest.fail) == {"Pace": "quick", **options}


def test_an_empty_value_that_was_given_is_kept() -> None:
    given = {"OpsEmail": "", "DefaultDestination": "ops"}
    assert answers(given, NO_OPTIONS, pytest.fail) == given


def test_without_a_terminal_the_changes_need_yes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    finished = run("deploy", "--region", "eu-west-1")
    assert (finished.code, finished.out) == (Exit.USAGE, "")
    assert "to do:  give --yes" in finished.err
    assert reader(yes=True)("any question") == ""


@pytest.mark.parametrize(("answer", "confirmed"), [("y", True), ("Yes", True), ("", False), ("n", False)])
def test_the_changes_are_shown_and_confirmed(monkeypatch: pytest.MonkeyPatch, answer: str, *, confirmed: bool) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    output = io.StringIO()
    assert confirm_changes(Console(file=output, width=120), {}, PLAN, CHANGES, yes=False) is confirmed
    assert "Modify (replaced)" in output.getvalue()
    assert "all parameters keep their values" in output.getvalue()


def test_an_update_shows_each_parameter_that_changes_with_both_values() -> None:
    plan = Plan("holdfast", is_new=False, present={"RedriveRate": "off", "Pace": "quick"})
    given = {"RedriveRate": "rate(1 minute)", "Pace": "quick", "SlackApiUrl": "https://slack.com/xoxb-1-c4n4ry"}
    output = io.StringIO()
    assert confirm_changes(Console(file=output, width=120), given, plan, CHANGES, yes=True)
    lines = [line.split() for line in output.getvalue().splitlines()]
    assert ["│", "RedriveRate", "│", "off", "│", "rate(1", "minute)", "│"] in lines
    assert ["│", "SlackApiUrl", "│", "–", "│", "https://slack.com/xoxb-[redacted]", "│"] in lines
    assert "Pace" not in output.getvalue()


def test_a_new_stack_is_shown_by_service_and_yes_confirms_without_a_question() -> None:
    output = io.StringIO()
    assert confirm_changes(Console(file=output), {}, Plan("holdfast", is_new=True), CHANGES, yes=True)
    assert output.getvalue() == "new stack holdfast: 2 resources of SNS, SQS\n"


def test_a_wrong_stack_name_is_refused(run: Run) -> None:
    assert run("deploy", "--stack", "1st", "--yes").code == Exit.USAGE
    assert run("deploy", "--ops-email", "nobody", "--yes").code == Exit.USAGE


def test_the_destination_of_a_secret_does_not_become_the_default_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESTINATION", "database")
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    command = group.get_command(typer.Context(group), "deploy")
    assert command is not None
    assert command.make_context("deploy", []).params["destination"] == ""
