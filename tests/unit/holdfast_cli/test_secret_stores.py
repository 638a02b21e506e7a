import boto3
import pytest

from configuration.stores import SecretsManager as Reader
from holdfast_cli.secret_stores import STORES, SecretStore

NAME = "/holdfast/destinations/ops"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, session: boto3.Session) -> SecretStore:
    return STORES[request.param](session)


def test_a_secret_is_replaced_with_a_new_version(store: SecretStore) -> None:
    assert store.put(NAME, "old", "") != store.put(NAME, "new", "")
    assert store.endpoint.startswith("https://")


def test_a_parameter_is_encrypted_under_a_given_key(session: boto3.Session) -> None:
    STORES["ssm"](session).put(NAME, "secret", KEY)
    ssm = session.client("ssm")
    (described,) = ssm.describe_parameters()["Parameters"]
    assert (described["Type"], described["KeyId"]) == ("SecureString", KEY)
    assert ssm.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]["Value"] == "secret"


def test_the_function_reads_a_secret_of_secrets_manager(session: boto3.Session) -> None:
    STORES["secretsmanager"](session).put(NAME, "secret", KEY)
    client = session.client("secretsmanager")
    stored = Reader(client).read(NAME)
    assert stored is not None
    assert stored.text == "secret"
    assert client.describe_secret(SecretId=NAME)["KmsKeyId"] == KEY
