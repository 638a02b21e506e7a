import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from configuration.stores import SecretsManager
from holdfast_cli.failures import CommandFailed
from holdfast_cli.questions import DESTINATION
from holdfast_cli.secret import ANY_STACK, SLACK_HOSTS, Place, find_place, secret_problem, store
from holdfast_cli.secret_stores import Parameters, Secrets, Vault
from holdfast_cli.stack import Stack, find_stack
from slack_alerts.slack.egress import Egress
from tests.support.stack.template import source
from tests.unit.holdfast_cli.outputs import OUTPUTS

CANARY = "c4n4ry"
PATH = "/holdfast/destinations"
GOOD = f"https://hooks.slack.com/services/T000/B000/{CANARY}"
TOKEN = f"xoxb-1-{CANARY}"
BAD = {
    "plain http": f"http://hooks.slack.com/services/{CANARY}",
    "loopback": f"http://127.0.0.1:80/services/{CANARY}",
    "another host": f"https://example.com/services/{CANARY}",
    "a host that begins like it": f"https://hooks.slack.com.example.com/services/{CANARY}",
    "a user": f"https://{CANARY}@hooks.slack.com/services/x",
    "another path": f"https://hooks.slack.com/{CANARY}",
    "no URL": f"https://[{CANARY}",
    "a bad port": f"https://hooks.slack.com:{CANARY}/services/x",
    "two lines": f"https://hooks.slack.com/services/\n{CANARY}",
    "a space": f"https://hooks.slack.com/services/ {CANARY}",
    "not ASCII": f"https://hooks.slack.com/services/é{CANARY}",
    "a person's token": f"xoxp-{CANARY}",
    "broken JSON": f'{{"token": "{CANARY}',
    "nothing": "",
}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session(region_name="us-east-1")


@pytest.fixture
def vault(session: boto3.Session) -> Parameters:
    return Parameters(session)


def keep(vault: Vault, text: str, *, channel: str = "C0OPS", place: Place | None = None) -> str:
    """Store that as the destination ops."""
    return store(vault, place or Place(path=PATH), "ops", lambda: text, lambda: channel)


def stored(session: boto3.Session, name: str = f"{PATH}/ops") -> tuple[str, str]:
    parameter = session.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return parameter["Type"], parameter["Value"]


def test_a_webhook_is_stored_trimmed_encrypted_and_over_the_old_one(session: boto3.Session, vault: Parameters) -> None:
    keep(vault, "https://hooks.slack.com/services/old")
    said = keep(vault, f"  {GOOD}\r\n")
    assert stored(session) == ("SecureString", GOOD)
    assert f"{PATH}/ops in ssm, version 2" in said
    assert CANARY not in said


def test_a_token_is_stored_with_the_channel_that_is_asked_for_it(session: boto3.Session, vault: Parameters) -> None:
    said = keep(vault, f" {TOKEN}\n", channel=" C0OPS ")
    assert json.loads(stored(session)[1]) == {"token": TOKEN, "channel": "C0OPS"}
    assert CANARY not in said


def test_a_webhook_is_asked_for_no_channel(vault: Parameters) -> None:
    assert store(vault, Place(path=PATH), "ops", lambda: GOOD, lambda: pytest.fail("asked"))


@pytest.mark.parametrize("channel", ["", "#ops", "ops", TOKEN])
def test_a_channel_that_is_no_id_is_refused_by_its_rule(
    session: boto3.Session, vault: Parameters, channel: str
) -> None:
    with pytest.raises(CommandFailed, match="must be its id, not its name") as failed:
        keep(vault, TOKEN, channel=channel)
    assert CANARY not in failed.value.what + failed.value.to_do
    assert session.client("ssm").describe_parameters()["Parameters"] == []


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_the_function_would_not_take_is_refused_and_never_shown(
    session: boto3.Session, vault: Parameters, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandFailed) as failed:
        keep(vault, text)
    assert "destination ops: the " in failed.value.what
    assert CANARY not in failed.value.what + failed.value.to_do + "".join(capsys.readouterr())
    assert failed.value.__cause__ is failed.value.__context__ is None
    assert session.client("ssm").describe_parameters()["Parameters"] == []


def test_a_refusal_of_aws_is_told_by_its_code_only(session: boto3.Session) -> None:
    ssm = session.client("ssm")
    stub = Stubber(ssm)
    stub.add_client_error("put_parameter", "ValidationException", f"bad value {GOOD}")

    class Refusing:
        endpoint = ssm.meta.endpoint_url

        def put(self, name: str, text: str, _key: str) -> str:
            return str(ssm.put_parameter(Name=name, Value=text, Type="SecureString")["Version"])

    with stub, pytest.raises(CommandFailed) as failed:
        keep(Refusing(), GOOD)
    assert "ValidationException" in failed.value.what
    assert CANARY not in failed.value.what + failed.value.to_do
    assert failed.value.__cause__ is failed.value.__context__ is None


def test_secrets_manager_gets_a_new_secret_and_then_new_versions_of_it(session: boto3.Session) -> None:
    vault, place = Secrets(session), Place(path=PATH, store="secretsmanager")
    keep(vault, "https://hooks.slack.com/services/old", place=place)
    said = keep(vault, GOOD, place=place)
    make: Any = session.client
    stored = SecretsManager(make("secretsmanager")).read(f"{PATH}/ops")
    assert stored is not None
    assert stored.text == GOOD
    assert "in secretsmanager, version " in said


def test_the_stacks_own_key_encrypts(session: boto3.Session, vault: Parameters) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    keep(vault, GOOD, place=Place(path=PATH, key=key))
    (described,) = session.client("ssm").describe_parameters()["Parameters"]
    assert described["KeyId"] == key


def test_a_loopback_webhook_is_taken_only_where_aws_is_on_this_machine_too() -> None:
    url = "http://127.0.0.1:8080/services/T0/B0/x"
    assert secret_problem(url, ANY_STACK, is_local=True) == ""
    assert secret_problem(url, ANY_STACK, is_local=False)


def test_the_hosts_of_a_stack_that_nobody_named_are_the_templates_default() -> None:
    assert set(source()["Parameters"]["AllowedHosts"]["Default"].split(",")) == SLACK_HOSTS


def test_a_stack_says_where_it_looks_and_which_hosts_it_takes() -> None:
    parameters = {"AllowedHosts": "slack.example.com", "Pace": "quick", "SecretKeyArn": "arn:key"}
    outputs = OUTPUTS | {
        "SecretStore": "secretsmanager",
        "DestinationsPath": "/elsewhere",
        "DefaultDestination": "team",
    }
    place = Place.of(Stack.from_outputs("holdfast", outputs, parameters))
    assert (place.store, place.path, place.default_destination) == ("secretsmanager", "/elsewhere", "team")
    assert place.egress == Egress(frozenset({"slack.example.com"}), allows_plain=True)
    assert place.key == "arn:key"


def test_without_a_stack_the_path_is_asked_and_the_store_is_ssm(session: boto3.Session) -> None:
    place = find_place(session, {}, lambda _: "/asked/for")
    assert (place.store, place.path) == ("ssm", "/asked/for")


def test_a_stack_that_is_not_there_is_said(session: boto3.Session) -> None:
    cloudformation = session.client("cloudformation")
    stub = Stubber(cloudformation)
    stub.add_client_error("describe_stacks", "ValidationError", "Stack with id nowhere does not exist")
    with stub, pytest.raises(CommandFailed, match="no stack nowhere"):
        find_stack(cloudformation, "nowhere")


@pytest.mark.parametrize("secret", [GOOD, TOKEN])
def test_a_secret_given_to_the_wrong_question_is_not_shown(secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandFailed, match="destination ") as failed:
        DESTINATION.ask({}, lambda _: secret)
    assert CANARY not in failed.value.what + failed.value.to_do + "".join(capsys.readouterr())
