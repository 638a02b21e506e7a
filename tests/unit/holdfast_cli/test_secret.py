import io
import json
from collections.abc import Iterator
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError

from holdfast_cli import account
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.secret import SLACK_API, SLACK_HOSTS, Place, check, find_place, secret_text
from holdfast_cli.secret_stores import STORES
from holdfast_cli.stack import Stack
from slack_alerts.models import Webhook
from slack_alerts.slack.egress import Egress
from tests.support.fault_server.behaviours import ask
from tests.support.slack.loopback import LoopbackSlack
from tests.support.stack.template import source
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack
from tests.unit.holdfast_cli.command import Finished, Run
from tests.unit.holdfast_cli.stacks import OUTPUTS

CANARY = "c4n4ry"
PATH = "/holdfast/destinations"
WEBHOOK = f"https://hooks.slack.com/services/T000/B000/{CANARY}"
TOKEN = f"xoxb-1-{CANARY}"
pytestmark = pytest.mark.usefixtures("session")
WORDS = ("secret", "--path", PATH, "--destination", "ops", "--region", "us-east-1")


@pytest.fixture
def give(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that gives lines to `holdfast secret` by a pipe."""

    def give(lines: str, *options: str) -> Finished:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        return run(*WORDS, *options)

    return give


class Refusing:
    """A store that refuses each secret and repeats it in its error."""

    endpoint = "https://ssm.us-east-1.amazonaws.com"

    def put(self, name: str, text: str, key: str) -> str:
        message = f"bad value {text} of {name} {key}"
        raise ClientError({"Error": {"Code": "ValidationException", "Message": message}}, "PutParameter")


def stored() -> str:
    ssm = boto3.client("ssm", region_name="us-east-1")
    return str(ssm.get_parameter(Name=f"{PATH}/ops", WithDecryption=True)["Parameter"]["Value"])


def is_stored() -> bool:
    try:
        return bool(stored())
    except boto3.client("ssm", region_name="us-east-1").exceptions.ParameterNotFound:
        return False


def test_a_webhook_is_stored_without_spaces_and_never_shown(give: Run) -> None:
    finished = give(f"  {WEBHOOK}\r\n", "--no-post")
    assert (finished.code, stored()) == (0, WEBHOOK)
    assert f"stored as {PATH}/ops in ssm, version 1" in finished.out
    assert "posted" not in finished.out
    assert CANARY not in finished.out + finished.err


def test_a_token_is_stored_with_its_channel(give: Run) -> None:
    finished = give(f"{TOKEN}\nC0OPS\n", "--no-post", "--json")
    assert json.loads(stored()) == {"token": TOKEN, "channel": "C0OPS"}
    assert json.loads(finished.out.splitlines()[-1]) == {
        "name": f"{PATH}/ops",
        "store": "ssm",
        "version": "1",
        "posted": False,
    }


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackSlack]:
    """Return a server that the stack holdfast of this account posts to."""
    with LoopbackSlack() as slack:
        deployed = CloudFormation({"holdfast": stack(SlackApiUrl=slack.url("/api"))})
        session = Session({"us-east-1": deployed})
        monkeypatch.setattr(account, "boto3", SimpleNamespace(Session=lambda **_: session))
        yield slack


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ask("/200", body='{"ok": true}'), Exit.DONE),
        (ask("/200", body='{"ok": false, "error": "invalid_auth"}'), Exit.FAILED),
        ("/503", Exit.FAILED),
    ],
)
def test_only_a_secret_whose_post_slack_accepts_is_stored(
    run: Run, monkeypatch: pytest.MonkeyPatch, slack: LoopbackSlack, answer: str, code: Exit
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TOKEN}\nC0OPS\n"))
    slack.answers = [answer] * 9
    finished = run("secret", "--destination", "ops")
    assert finished.code == code
    assert "This channel is the destination ops of stack holdfast, account 123456789012" in slack.texts()[0]
    assert ("a line was posted: look into the channel" in finished.out) == (code is Exit.DONE)
    assert is_stored() == (code is Exit.DONE)
    assert CANARY not in finished.out + finished.err


def test_a_secret_without_a_post_is_stored_and_slack_is_not_called(
    run: Run, monkeypatch: pytest.MonkeyPatch, slack: LoopbackSlack
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TOKEN}\nC0OPS\n"))
    assert run("secret", "--destination", "ops", "--no-post").code == 0
    assert (slack.requests, is_stored()) == ([], True)


def test_the_questions_are_no_part_of_the_json(give: Run) -> None:
    json.loads(give(f"{TOKEN}\nC0OPS\n", "--no-post", "--json").out)


def test_a_path_that_is_a_secret_is_not_shown() -> None:
    with pytest.raises(CommandFailed) as failed:
        find_place(account_with(Session()), "", WEBHOOK)
    assert CANARY not in failed.value.report


def test_a_webhook_needs_no_channel() -> None:
    assert secret_text(WEBHOOK, lambda: pytest.fail("asked")) == WEBHOOK


@pytest.mark.parametrize("channel", ["", "#ops", "ops", TOKEN])
def test_a_channel_that_is_no_id_is_refused(give: Run, channel: str) -> None:
    finished = give(f"{TOKEN}\n{channel}\n", "--no-post")
    assert finished.code == Exit.USAGE
    assert "the channel" in finished.err
    assert CANARY not in finished.out + finished.err


@pytest.mark.parametrize("text", [f"http://hooks.slack.com/services/{CANARY}", "", f'{{"token": "{CANARY}'])
def test_a_secret_that_the_function_would_refuse_is_not_stored_and_never_shown(give: Run, text: str) -> None:
    finished = give(f"{text}\n")
    assert (finished.code, finished.out) == (Exit.USAGE, "")
    assert "failed: destination ops: the " in finished.err
    assert "copy the webhook's URL" in finished.err
    assert CANARY not in finished.err
    assert not is_stored()


def test_no_error_holds_the_secret(session: boto3.Session) -> None:
    with pytest.raises(CommandFailed) as failed:
        check(f"https://example.com/{CANARY}", "ops", Place(name="a", path=PATH), STORES["ssm"](session))
    assert failed.value.__cause__ is failed.value.__context__ is None


def test_an_error_of_aws_does_not_show_the_secret(give: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STORES, "ssm", lambda _: Refusing())
    finished = give(f"{WEBHOOK}\n", "--no-post")
    assert finished.code == Exit.FAILED
    assert f"storing {PATH}/ops: AWS answered ValidationException" in finished.err
    assert "where:  account 123456789012, region us-east-1" in finished.err
    assert CANARY not in finished.err


def test_the_defaults_are_those_of_the_template() -> None:
    parameters = source()["Parameters"]
    assert set(parameters["AllowedHosts"]["Default"].split(",")) == SLACK_HOSTS
    assert parameters["SlackApiUrl"]["Default"] == SLACK_API


def test_a_stack_has_its_place_and_its_hosts() -> None:
    parameters = {
        "AllowedHosts": "slack.example.com",
        "Pace": "quick",
        "SecretKeyArn": "arn:key",
        "SlackApiUrl": "https://slack.example.com/api",
    }
    elsewhere = {"SecretStore": "secretsmanager", "DestinationsPath": "/elsewhere", "DefaultDestination": "team"}
    assert Place.of_stack(Stack.from_outputs("holdfast", OUTPUTS | elsewhere, parameters)) == Place(
        name="stack holdfast",
        store="secretsmanager",
        path="/elsewhere",
        egress=Egress(frozenset({"slack.example.com"}), allows_plain=True),
        key="arn:key",
        default_destination="team",
        api_url="https://slack.example.com/api",
    )


def test_a_path_must_be_that_of_the_stack_and_the_default_is_a_stack() -> None:
    known = account_with(Session({"us-east-1": CloudFormation({"holdfast": stack(), "alerts": stack("alerts")})}))
    assert find_place(known, "alerts", PATH).name == "stack alerts"
    with pytest.raises(
        CommandFailed, match=f"stack alerts reads its destinations in {PATH}, not in /elsewhere"
    ) as failed:
        find_place(known, "alerts", "/elsewhere")
    assert failed.value.code is Exit.USAGE
    assert find_place(known, "", "").name == "stack holdfast"
    assert find_place(known, "", "/elsewhere") == Place(name="/elsewhere", path="/elsewhere")
    with pytest.raises(CommandFailed, match="path 'elsewhere' must be like"):
        find_place(known, "", "elsewhere")


def test_a_secret_is_checked_by_the_rule_of_its_stack(session: boto3.Session) -> None:
    place = Place(name="a", path=PATH, egress=Egress(frozenset({"slack.example.com"})))
    url = "https://slack.example.com/services/T0/B0/x"
    assert check(url, "ops", place, STORES["ssm"](session)) == Webhook(url)
