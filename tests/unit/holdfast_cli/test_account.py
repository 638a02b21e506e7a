import io
import subprocess
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest

from holdfast_cli import account
from holdfast_cli.account import Account, connect
from holdfast_cli.failures import CommandFailed, Exit
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, stack
from tests.unit.holdfast_cli.command import Run

SSO = """
[profile work]
sso_session = corporate
sso_account_id = 123456789012
sso_role_name = Admin
region = eu-west-1
[sso-session corporate]
sso_region = eu-west-1
sso_start_url = https://example.com/start
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("session")
def test_the_account_is_known_before_anything_is_done() -> None:
    known = connect("eu-west-1", "")
    assert (known.id, known.region, known.where) == (
        "123456789012",
        "eu-west-1",
        "account 123456789012, region eu-west-1",
    )
    assert known.client("sts").meta.region_name == "eu-west-1"


@pytest.mark.usefixtures("session")
def test_the_region_is_asked_only_if_none_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr("sys.stdin", Terminal())
    assert connect("", "", lambda _: "eu-west-1").region == "eu-west-1"
    assert connect("eu-west-2", "", lambda _: pytest.fail("asked")).region == "eu-west-2"


@pytest.mark.parametrize("words", [("deploy", "--yes"), ("secret",), ("doctor",), ("status",)])
@pytest.mark.parametrize("stdin", [io.StringIO("eu-west-1\n"), "a terminal"])
def test_no_region_is_assumed(run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], stdin: object) -> None:
    monkeypatch.setattr("sys.stdin", Terminal() if stdin == "a terminal" else stdin)
    monkeypatch.setattr("builtins.input", lambda: "")
    finished = run(*words)
    assert finished.code == Exit.USAGE
    assert "no region is configured" in finished.out + finished.err
    assert "give --region" in finished.out + finished.err


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("parked",), "reading the parking queue of stack holdfast"),
        (("secret", "--no-post"), "reading stack holdfast"),
        (("secret", "--no-post"), "storing /holdfast/destinations/default"),
        (("send",), "sending alarm-metric.json to stack holdfast"),
        (("routes", "show"), "reading the routes of stack holdfast"),
        (("redrive",), "reading stack holdfast"),
        (("status",), "reading the queues"),
        (("doctor",), "checking stack holdfast"),
        (("doctor",), "checking the credentials"),
    ],
)
def test_a_command_shows_that_it_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], shown: str
) -> None:
    session = Session({"us-east-1": CloudFormation({"holdfast": stack()})})
    monkeypatch.setattr(account, "boto3", SimpleNamespace(Session=lambda **_: session))
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes any output for a terminal, and shows each step at once
    monkeypatch.setattr("sys.stdin", io.StringIO(f"https://hooks.slack.com/services/T0/B0/{'a' * 24}\n"))
    assert shown in run(*words).err.partition("failed:")[0]


@pytest.mark.parametrize(
    ("variable", "code"), [("STACK", Exit.USAGE), ("AWS_REGION", Exit.USAGE), ("AWS_PROFILE", Exit.NO_ACCESS)]
)
def test_a_secret_in_a_variable_is_not_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, code: Exit
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv(variable, "xoxb-1-c4n4ry")
    finished = run("status")
    assert finished.code == code
    assert "c4n4ry" not in finished.out + finished.err


def test_a_failure_names_account_region_and_profile(session: boto3.Session) -> None:
    def fail() -> None:
        raise CommandFailed("no", "try")

    with pytest.raises(CommandFailed) as failed:
        Account(session, "123456789012", "work").run("trying", fail)
    assert "\nwhere:  account 123456789012, region us-east-1, profile work\n" in failed.value.report


def test_an_expired_sign_in_says_how_to_renew_it(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(SSO)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    finished = run("verify", "--profile", "work")
    assert finished.code == Exit.NO_ACCESS
    assert "the sign-in by SSO has expired" in finished.err
    assert "where:  account unknown, region eu-west-1, profile work" in finished.err
    assert "aws sso login" in finished.err


def test_an_unknown_profile_is_answered_with_the_nearest(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(SSO)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    finished = run("status", "--profile", "wrok", "--region", "eu-west-1")
    assert finished.code == Exit.NO_ACCESS
    assert "did you mean work? your profiles: work" in finished.err
    assert "region eu-west-1, profile wrok" in finished.err


def test_missing_credentials_are_said_before_anything_is_built(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("built"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    finished = run("deploy", "--yes", "--region", "eu-west-1")
    assert (finished.code, finished.out) == (Exit.NO_ACCESS, "")
    assert "no AWS credentials" in finished.err


WEBHOOK = "https://hooks.slack.com/services/T0/B0/c4n4ry"


@pytest.mark.parametrize(
    ("config", "environment", "code", "said"),
    [
        ("aws_access_key_id = c4n4ry", {}, Exit.NO_ACCESS, "a part of the AWS credentials is missing"),
        ("", {"AWS_REGION": "eu west"}, Exit.USAGE, "there may be no region eu west"),
        ("", {"AWS_REGION": WEBHOOK}, Exit.USAGE, "to do:  give --region"),
        ("", {"AWS_DEFAULT_REGION": WEBHOOK}, Exit.USAGE, "to do:  give --region"),
        (
            "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = none",
            {},
            Exit.NO_ACCESS,
            "correct the AWS configuration",
        ),
        ("credential_process = sh -c 'echo c4n4ry >&2; false'", {}, Exit.NO_ACCESS, "to do:  sign in again"),
        ("credential_process = echo c4n4ry", {}, Exit.NO_ACCESS, "correct the AWS configuration"),
        ("credential_process = /no/program/c4n4ry", {}, Exit.NO_ACCESS, "correct the AWS configuration"),
        ("[a c4n4ry", {}, Exit.NO_ACCESS, "correct the AWS configuration"),
        ("endpoint_url = c4n4ry", {}, Exit.NO_ACCESS, "correct the AWS configuration"),
    ],
)
def test_a_wrong_configuration_is_said_without_its_values(  # noqa: PLR0913 - a table
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    config: str,
    environment: dict[str, str],
    code: Exit,
    said: str,
) -> None:
    (tmp_path / "config").write_text(f"[default]\n{config}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    if environment or "endpoint" in config:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name, value in ({"AWS_REGION": "eu-west-1"} | environment).items():
        if name == "AWS_DEFAULT_REGION":
            monkeypatch.delenv("AWS_REGION", raising=False)
        monkeypatch.setenv(name, value)
    finished = run("status")
    assert finished.code == code
    assert said in finished.err
    assert "c4n4ry" not in finished.out + finished.err


def test_an_unknown_region_is_answered_with_the_nearest(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # nothing listens: as a name that does not resolve
    finished = run("status", "--region", "eu-west-11")
    assert finished.code == Exit.USAGE
    assert "there may be no region eu-west-11" in finished.err
    assert "did you mean eu-west-1? give --region" in finished.err
