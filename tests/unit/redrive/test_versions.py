from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from record_batch import stores
from redrive.versions import MISSING, STORES, Parameters, Secrets, Versions, VersionUnreadable
from retry_policies import Deadline, RetryPolicy
from retry_policies.presets import AWS_READ
from tests.support.scripted_store import refusal

POLICY: RetryPolicy = AWS_READ.with_(sleep=lambda _: None)
NAME = "/path/ops"


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield


def versions(service: str) -> Versions:
    return Versions(STORES[service](boto3.client(service)), "/path", POLICY)  # type: ignore[call-overload] # by name


def of(service: str) -> str:
    return versions(service).of("ops", Deadline.after(5))


def store(service: str, secret: str) -> None:
    if service == "ssm":
        boto3.client("ssm").put_parameter(Name=NAME, Value=secret, Type="SecureString", Overwrite=True)
        return
    client: Any = boto3.client("secretsmanager")
    try:
        client.create_secret(Name=NAME, SecretString=secret)
    except client.exceptions.ResourceExistsException:
        client.put_secret_value(SecretId=NAME, SecretString=secret)


@pytest.mark.parametrize("service", STORES)
def test_it_is_the_version_that_the_function_that_posts_opens_its_circuit_by(service: str) -> None:
    found = []
    for secret in ("one", "two"):
        store(service, secret)
        read = stores.STORES[service](boto3.client(service)).read(NAME)  # type: ignore[call-overload] # by name
        assert read is not None
        found.append(of(service))
        assert found[-1] == read.version
    assert found[0] != found[1]


@pytest.mark.parametrize("service", STORES)
def test_there_may_be_no_secret(service: str) -> None:
    assert of(service) == MISSING


def test_a_secret_that_waits_for_its_deletion_is_none() -> None:
    store("secretsmanager", "one")
    boto3.client("secretsmanager").delete_secret(SecretId=NAME)
    assert of("secretsmanager") == MISSING


class Scripted:
    """A client of both stores that is asked, and only fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.requests: list[dict[str, object]] = []

    def get_parameter(self, **request: object) -> dict[str, Any]:
        self.requests.append(request)
        raise self.error

    describe_secret = get_parameter


@pytest.mark.parametrize("make", [Parameters, Secrets])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (refusal("AccessDeniedException"), "AccessDeniedException"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1"), "EndpointConnectionError"),
    ],
)
def test_a_store_that_does_not_say_is_an_error_with_its_code(
    make: type[Parameters] | type[Secrets], error: Exception, code: str
) -> None:
    with pytest.raises(VersionUnreadable, match=f"^{code}$"):
        Versions(make(Scripted(error)), "/path", POLICY).of("ops", Deadline.after(5))


def test_no_time_is_no_version() -> None:
    with pytest.raises(VersionUnreadable, match="DeadlineExceeded"):
        versions("ssm").of("ops", Deadline.after(-1))


def test_nothing_is_decrypted_and_each_is_read_once() -> None:
    class Answering:
        requests: list[dict[str, object]] = []  # noqa: RUF012 - one test's own

        def get_parameter(self, **request: object) -> dict[str, Any]:
            self.requests.append(request)
            return {"Parameter": {"Version": 7}}

    found = Versions(Parameters(Answering()), "/path", POLICY)
    assert [found.of("ops", Deadline.after(5)) for _ in range(2)] == ["7", "7"]
    assert Answering.requests == [{"Name": NAME, "WithDecryption": False}]
