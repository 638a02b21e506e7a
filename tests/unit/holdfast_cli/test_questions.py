import io
import sys

import pytest

from holdfast_cli.failures import CommandFailed
from holdfast_cli.questions import DESTINATION, OPS_EMAIL, STACK, Question, ask, ask_secret

CANARY = "c4n4ry"


def unexpected(question: str) -> str:
    raise AssertionError(question)


def test_a_variable_answers_without_a_question_and_the_default_answers_enter() -> None:
    assert STACK.ask({"STACK": " alerts "}, unexpected) == "alerts"
    assert STACK.ask({}, lambda _: " typed ") == "typed"
    assert STACK.ask({}, lambda _: "") == "holdfast"


def test_a_question_is_on_the_standard_error_and_the_end_of_the_input_is_an_empty_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("typed\n"))
    assert [ask("one? "), ask("two? ")] == ["typed", ""]
    monkeypatch.setattr(sys, "stdin", io.StringIO("alerts\n"))
    assert STACK.ask({}) == "alerts"
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("one? two? stack name: ")


@pytest.mark.parametrize(
    ("question", "value"),
    [(STACK, "1st"), (DESTINATION, "Ops Team"), (OPS_EMAIL, "ops"), (OPS_EMAIL, "ops@example.com Pace=quick")],
)
def test_an_invalid_value_is_refused_by_the_name_of_its_field(question: Question, value: str) -> None:
    with pytest.raises(CommandFailed, match=f"^{question.field} "):
        question.ask({question.variable: value})


@pytest.mark.parametrize("secret", [f"https://hooks.slack.com/services/T0/B0/{CANARY}", f"xoxb-1-{CANARY}"])
def test_a_secret_as_the_answer_to_another_question_is_not_shown(
    secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandFailed, match="destination ") as failed:
        DESTINATION.ask({}, lambda _: secret)
    assert CANARY not in failed.value.problem + failed.value.advice + "".join(capsys.readouterr())


def test_a_secret_is_read_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(" secret \n"))
    assert ask_secret("token") == "secret"
