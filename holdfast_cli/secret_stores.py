"""Where the secrets of the destinations are put, by the name that the parameter SecretStore has for it."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import boto3


class Vault(Protocol):
    """A place to put a secret into."""

    @property
    def endpoint(self) -> str: ...
    def put(self, name: str, text: str, key: str) -> str: ...


class Parameters:
    """SSM: SecureString parameters."""

    def __init__(self, session: boto3.Session) -> None:
        self._client = session.client("ssm")
        self.endpoint = self._client.meta.endpoint_url

    def put(self, name: str, text: str, key: str) -> str:
        """Store it over what is there, under that key or the one AWS manages -> its version."""
        with_key: Any = {"KeyId": key} if key else {}
        answer = self._client.put_parameter(Name=name, Value=text, Type="SecureString", Overwrite=True, **with_key)
        return str(answer["Version"])


class Secrets:
    """Secrets Manager."""

    def __init__(self, session: boto3.Session) -> None:
        make: Any = session.client  # no types are installed for this service
        self._client = make("secretsmanager")
        self.endpoint = str(self._client.meta.endpoint_url)

    def put(self, name: str, text: str, key: str) -> str:
        """Store it as the current version, or make the secret, under that key or the one AWS manages -> its version."""
        try:
            answer = self._client.put_secret_value(SecretId=name, SecretString=text)
        except self._client.exceptions.ResourceNotFoundException:
            with_key = {"KmsKeyId": key} if key else {}
            answer = self._client.create_secret(Name=name, SecretString=text, **with_key)
        return str(answer["VersionId"])


VAULTS: Mapping[str, Callable[[boto3.Session], Vault]] = {"ssm": Parameters, "secretsmanager": Secrets}
