import json

import pytest

from holdfast_cli.failures import INTERRUPTED, Exit
from holdfast_cli.installation import FILES
from holdfast_cli.secret_check import refuse_secrets
from tests.unit.holdfast_cli.command import Run

COMMANDS = ("doctor", "deploy", "secret", "verify", "status", "parked", "redrive", "send", "kinds", "demo")
ROUTES = ("routes check", "routes show", "routes store")


@pytest.mark.parametrize("command", [*COMMANDS, *ROUTES])
def test_each_command_has_help_with_an_example(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help")
    assert shown.code == 0
    assert f"holdfast {command}" in shown.out.partition("Example")[2]


@pytest.mark.parametrize("command", [*COMMANDS, *ROUTES])
def test_each_command_but_the_local_ones_takes_region_profile_and_json(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help").out
    calls_aws = command not in {"kinds", "demo", "routes check"}
    assert all((option in shown) == calls_aws for option in ("--region", "--profile"))
    assert ("--json" in shown) == (command != "demo")


def test_the_version_and_the_completion_are_options(run: Run) -> None:
    assert run("--version").out.strip().count(".") == 2
    assert "--install-completion" in run("--help").out


def test_the_exit_codes_are_in_the_help(run: Run) -> None:
    assert "Exit codes: 0 done" in run("--help").out


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    assert run("deliver").code == 2


@pytest.mark.parametrize(
    "secret",
    [
        "https://hooks.slack.com/services/T0/B0/c4n4ry",
        "https://hooks.slack-gov.com/c4n4ry",
        "T0AAAA/services/T0AAAA/B0AAAA/c4n4ry",
        "xoxb-1-c4n4ry",
        "xoxe.xoxb-c4n4ry",
        "xapp-1-c4n4ry",
    ],
)
@pytest.mark.parametrize(
    "words",
    [("secret",), ("secret", "--path"), ("send",), ("status", "--stack"), ("routes", "check"), ("deploy", "-p")],
)
def test_a_secret_among_the_words_is_refused_and_never_shown(run: Run, words: tuple[str, ...], secret: str) -> None:
    finished = run(*words, secret)
    assert (finished.code, finished.out) == (Exit.USAGE, "")
    assert f"word {len(words) + 1} of the command looks like a secret" in finished.err
    assert "c4n4ry" not in finished.err


def test_a_host_of_slack_and_a_name_like_a_token_are_no_secrets() -> None:
    refuse_secrets(["AllowedHosts=hooks.slack.com,slack.com", "SlackApiUrl=https://slack.com/api", "xapp-prod"])


def test_the_page_has_each_command(run: Run) -> None:
    page = (FILES / "docs/command.md").read_text(encoding="utf-8")
    assert all(f"`holdfast {name}" in page for name in (*COMMANDS, *ROUTES))
    del run


def test_an_interruption_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("holdfast_cli.doctor.connect", interrupt)
    finished = run("doctor")
    assert finished.code == INTERRUPTED
    assert "interrupted: nothing that was started is left running" in finished.err


def test_kinds_prints_a_json_document(run: Run) -> None:
    assert {"kind", "sample", "line"} <= json.loads(run("kinds", "--json").out)[0].keys()
