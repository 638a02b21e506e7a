import json

import boto3
import pytest
from botocore.exceptions import ClientError

from holdfast_cli.failures import CommandFailed
from holdfast_cli.secret import ANY_STACK, SLACK_HOSTS, Place, find_place, secret_problem, store
from holdfast_cli.stack import Stack
from slack_alerts.slack.egress import Egress
from tests.support.stack.template import source
from tests.unit.holdfast_cli.stacks import OUTPUTS

CANARY = "c4n4ry"
PATH = "/holdfast/destinations"
WEBHOOK = f"https://hooks.slack.com/services/T000/B000/{CANARY}"
TOKEN = f"xoxb-1-{CANARY}"
INVALID = {
    "plain http": f"http://hooks.slack.com/services/{CANARY}",
    "loopback": f"http://127.0.0.1:80/services/{CANARY}",
    "another host": f"https://example.com/services/{CANARY}",
    "two lines": f"https://hooks.slack.com/services/\n{CANARY}",
    "a person's token": f"xoxp-{CANARY}",
    "broken JSON": f'{{"token": "{CANARY}',
    "nothing": "",
}


class Secrets:
    """A secret store that remembers what it stores, or fails."""

    endpoint = "https://ssm.us-east-1.amazonaws.com"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.stored: list[tuple[str, str, str]] = []

    def put(self, name: str, text: str, key: str) -> str:
        if self.error:
            raise self.error
        self.stored.append((name, text, key))
        return str(len(self.stored))


def store_ops(secrets: Secrets, text: str, *, channel: str = "C0OPS", place: Place | None = None) -> str:
    return store(secrets, place or Place(path=PATH), "ops", lambda: text, lambda: channel)


def test_a_webhook_is_stored_without_spaces_under_the_stacks_key() -> None:
    secrets = Secrets()
    message = store_ops(secrets, f"  {WEBHOOK}\r\n", place=Place(path=PATH, key="arn:key"))
    assert secrets.stored == [(f"{PATH}/ops", WEBHOOK, "arn:key")]
    assert f"{PATH}/ops in ssm, version 1" in message
    assert CANARY not in message


def test_a_token_is_stored_with_its_channel() -> None:
    secrets = Secrets()
    message = store_ops(secrets, f" {TOKEN}\n", channel=" C0OPS ")
    ((_, text, _),) = secrets.stored
    assert json.loads(text) == {"token": TOKEN, "channel": "C0OPS"}
    assert CANARY not in message


def test_a_webhook_needs_no_channel() -> None:
    assert store(Secrets(), Place(path=PATH), "ops", lambda: WEBHOOK, lambda: pytest.fail("asked"))


@pytest.mark.parametrize("channel", ["", "#ops", "ops", TOKEN])
def test_a_channel_that_is_no_id_is_refused(channel: str) -> None:
    secrets = Secrets()
    with pytest.raises(CommandFailed, match="must be its id, not its name") as failed:
        store_ops(secrets, TOKEN, channel=channel)
    assert CANARY not in failed.value.problem + failed.value.advice
    assert secrets.stored == []


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_a_secret_that_the_function_would_refuse_is_not_stored_and_never_shown(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = Secrets()
    with pytest.raises(CommandFailed) as failed:
        store_ops(secrets, text)
    assert "destination ops: the " in failed.value.problem
    assert CANARY not in failed.value.problem + failed.value.advice + "".join(capsys.readouterr())
    assert failed.value.__cause__ is failed.value.__context__ is None
    assert secrets.stored == []


def test_an_error_of_aws_does_not_show_the_secret() -> None:
    error = ClientError({"Error": {"Code": "ValidationException", "Message": f"bad value {WEBHOOK}"}}, "PutParameter")
    with pytest.raises(CommandFailed, match="ValidationException") as failed:
        store_ops(Secrets(error), WEBHOOK)
    assert CANARY not in failed.value.problem + failed.value.advice


def test_a_loopback_webhook_is_accepted_only_with_a_local_aws() -> None:
    url = "http://127.0.0.1:8080/services/T0/B0/x"
    assert secret_problem(url, ANY_STACK, is_local=True) == ""
    assert secret_problem(url, ANY_STACK, is_local=False)


def test_the_default_hosts_are_those_of_the_template() -> None:
    assert set(source()["Parameters"]["AllowedHosts"]["Default"].split(",")) == SLACK_HOSTS


def test_a_stack_has_its_place_and_its_hosts() -> None:
    parameters = {"AllowedHosts": "slack.example.com", "Pace": "quick", "SecretKeyArn": "arn:key"}
    elsewhere = {"SecretStore": "secretsmanager", "DestinationsPath": "/elsewhere", "DefaultDestination": "team"}
    assert Place.of_stack(Stack.from_outputs("holdfast", OUTPUTS | elsewhere, parameters)) == Place(
        store="secretsmanager",
        path="/elsewhere",
        egress=Egress(frozenset({"slack.example.com"}), allows_plain=True),
        key="arn:key",
        default_destination="team",
    )


def test_without_a_stack_the_path_is_asked_and_the_store_is_ssm(session: boto3.Session) -> None:
    assert find_place(session, {}, lambda _: "/asked/for") == Place(store="ssm", path="/asked/for")
