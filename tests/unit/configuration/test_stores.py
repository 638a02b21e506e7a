from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError
from moto import mock_aws

from configuration.stores import STORES, Stored, Unreadable, read_stored
from retry_policies.presets import AWS_READ
from retry_policies.testing import FakeTime
from tests.support.handlers.failing_client import FailingClient
from tests.support.steps.scripted_store import ScriptedStore, refusal, version

NAME = "/holdfast/destinations/ops"


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield boto3.client("secretsmanager")


def test_a_parameter_is_read_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        ssm = boto3.client("ssm")
        ssm.put_parameter(Name=NAME, Value="the text\n", Type="SecureString")
        assert STORES["ssm"](ssm).read(NAME) == Stored("the text\n", "1")
        assert STORES["ssm"](ssm).read(f"{NAME}2") is None


def test_a_secret_is_read_by_its_name_until_it_is_scheduled_for_deletion(secrets: Any) -> None:  # noqa: ANN401 - boto3's client
    store = STORES["secretsmanager"](secrets)
    assert store.read(NAME) is None
    made = secrets.create_secret(Name=NAME, SecretString="the text\n")
    assert store.read(NAME) == Stored("the text\n", made["VersionId"])
    secrets.delete_secret(SecretId=NAME)
    assert store.read(NAME) is None


def test_a_binary_secret_counts_as_an_empty_text(secrets: Any) -> None:  # noqa: ANN401 - boto3's client
    made = secrets.create_secret(Name=NAME, SecretBinary=b"the text")
    assert STORES["secretsmanager"](secrets).read(NAME) == Stored("", made["VersionId"])


CALLS = ("get_parameter", "get_secret_value")


@pytest.mark.parametrize("answer", [{}, {"Parameter": None}, {"Parameter": {}}, {"Parameter": {"Value": 1}}])
@pytest.mark.parametrize("store", STORES)
def test_an_answer_without_a_text_counts_as_an_empty_text(store: str, answer: Mapping[str, Any]) -> None:
    client = FailingClient(None, instead=dict.fromkeys(CALLS, lambda **_: answer))
    assert STORES[store](client).read(NAME) == Stored("", "")


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidKeyId", "DecryptionFailure", "ThrottlingException"])
@pytest.mark.parametrize("store", STORES)
def test_any_other_error_does_not_mean_that_the_text_is_missing(store: str, code: str) -> None:
    with pytest.raises(ClientError, match=code):
        STORES[store](FailingClient(None, dict.fromkeys(CALLS, refusal(code)))).read(NAME)


def read(store: ScriptedStore, seconds: float = 60.0) -> Stored | None:
    time = FakeTime(1000.0)
    return read_stored(store, NAME, AWS_READ.with_(sleep=time.sleep), time.deadline(seconds))


def test_a_throttled_read_is_repeated() -> None:
    store = ScriptedStore([refusal("ThrottlingException"), "the text"])
    assert read(store) == Stored("the text", version("the text"))
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
def test_a_read_that_fails_raises_the_code_and_nothing_else(error: Exception, code: str, attempts: int) -> None:
    store = ScriptedStore([error])
    with pytest.raises(Unreadable) as caught:
        read(store)
    assert str(caught.value) == code
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert len(store.names) == attempts


@pytest.mark.parametrize(("headers", "wait"), [({}, None), ({"retry-after": "120"}, 120.0)])
def test_the_wait_that_the_store_asks_for_is_kept(headers: dict[str, str], wait: float | None) -> None:
    with pytest.raises(Unreadable) as caught:
        read(ScriptedStore([refusal("ThrottlingException", 400, headers)]))
    assert caught.value.retry_after == wait


def test_without_time_nothing_is_read() -> None:
    store = ScriptedStore(["the text"])
    with pytest.raises(Unreadable, match=r"^DeadlineExceeded$"):
        read(store, seconds=0.0)
    assert store.names == []
