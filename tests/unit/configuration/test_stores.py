from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError
from moto import mock_aws

from configuration.stores import STORES, ParameterStore, SecretsManager, Stored, Unreadable, read_stored
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from tests.support.steps.clock import FakeClock
from tests.support.steps.scripted_store import ScriptedStore, refusal, version

NAME = "/holdfast/destinations/ops"


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@mock_aws
def test_a_parameter_is_read_decrypted() -> None:
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name=NAME, Value="the text\n", Type="SecureString")
    assert STORES["ssm"](ssm).read(NAME) == Stored("the text\n", "1")
    assert STORES["ssm"](ssm).read(f"{NAME}2") is None


@mock_aws
def test_a_secret_is_read_by_the_same_name() -> None:
    secrets = boto3.client("secretsmanager")
    made = secrets.create_secret(Name=NAME, SecretString="the text\n")
    assert STORES["secretsmanager"](secrets).read(NAME) == Stored("the text\n", made["VersionId"])
    assert STORES["secretsmanager"](secrets).read(f"{NAME}2") is None


@mock_aws
def test_a_secret_that_waits_for_its_deletion_is_there_no_more() -> None:
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name=NAME, SecretString="the text")
    secrets.delete_secret(SecretId=NAME)
    assert SecretsManager(secrets).read(NAME) is None


@mock_aws
def test_a_binary_secret_is_as_good_as_empty() -> None:
    secrets = boto3.client("secretsmanager")
    made = secrets.create_secret(Name=NAME, SecretBinary=b"the text")
    assert SecretsManager(secrets).read(NAME) == Stored("", made["VersionId"])


class Odd:
    """Clients with one answer."""

    def __init__(self, answer: Mapping[str, Any] | ClientError) -> None:
        self.answer = answer

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Mapping[str, Any]:
        assert (Name, WithDecryption) == (NAME, True)
        return self._give()

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]:
        assert SecretId == NAME
        return self._give()

    def _give(self) -> Mapping[str, Any]:
        if isinstance(self.answer, ClientError):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("answer", [{}, {"Parameter": None}, {"Parameter": {}}, {"Parameter": {"Value": 1}}])
def test_an_answer_without_a_text_is_as_good_as_an_empty_one(answer: Mapping[str, Any]) -> None:
    assert ParameterStore(Odd(answer)).read(NAME) == SecretsManager(Odd(answer)).read(NAME) == Stored("", "")


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidKeyId", "DecryptionFailure", "ThrottlingException"])
def test_whatever_else_is_refused_is_not_taken_for_missing(code: str) -> None:
    for store in (ParameterStore(Odd(refusal(code))), SecretsManager(Odd(refusal(code)))):
        with pytest.raises(ClientError, match=code):
            store.read(NAME)


def test_a_throttled_reading_is_repeated() -> None:
    clock = FakeClock()
    store = ScriptedStore([refusal("ThrottlingException"), "the text"])
    policy = AWS_READ.with_(sleep=clock.sleep)
    assert read_stored(store, NAME, policy, Deadline.after(60, clock=clock)) == Stored("the text", version("the text"))
    assert store.names == [NAME, NAME]


@pytest.mark.parametrize(
    ("error", "code", "attempts"),
    [
        (refusal("AccessDeniedException"), "AccessDeniedException", 1),
        (refusal("InvalidKeyId"), "InvalidKeyId", 1),
        (refusal("ThrottlingException"), "ThrottlingException", 4),
        (EndpointConnectionError(endpoint_url="https://ssm.example.com"), "EndpointConnectionError", 4),
        (ResponseParserError("Unable to parse response: b'canary'"), "ResponseParserError", 4),
    ],
)
def test_a_store_that_does_not_answer_is_named_by_its_code_and_nothing_else(
    error: Exception, code: str, attempts: int
) -> None:
    clock = FakeClock()
    store = ScriptedStore([error])
    with pytest.raises(Unreadable) as caught:
        read_stored(store, NAME, AWS_READ.with_(sleep=clock.sleep), Deadline.after(60, clock=clock))
    assert str(caught.value) == code
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert len(store.names) == attempts


def test_a_store_is_not_asked_when_there_is_no_time() -> None:
    clock = FakeClock()
    store = ScriptedStore(["the text"])
    with pytest.raises(Unreadable, match=r"^DeadlineExceeded$"):
        read_stored(store, NAME, AWS_READ, Deadline.after(0, clock=clock))
    assert store.names == []
