"""The stores for the secrets of destinations, by the values of the parameter SecretStore."""

from collections.abc import Callable
from typing import Any, Protocol

import boto3


class SecretStore(Protocol):
    @property
    def endpoint(self) -> str: ...
    def put(self, name: str, text: str, key: str) -> str: ...


class ParameterStore:
    """SSM with SecureString parameters."""

    def __init__(self, session: boto3.Session) -> None:
        self._client = session.client("ssm")
        self.endpoint = self._client.meta.endpoint_url

    def put(self, name: str, text: str, key: str) -> str:
        """Create or replace a parameter under a key, or the key that AWS manages; return its version."""
        with_key: Any = {"KeyId": key} if key else {}
        answer = self._client.put_parameter(Name=name, Value=text, Type="SecureString", Overwrite=True, **with_key)
        return str(answer["Version"])


class SecretsManager:
    def __init__(self, session: boto3.Session) -> None:
        make: Any = session.client  # no types are installed for this service
        self._client = make("secretsmanager")
        self.endpoint = str(self._client.meta.endpoint_url)

    def put(self, name: str, text: str, key: str) -> str:
        """Replace a secret, or create it under a key, or the key that AWS manages; return its version."""
        try:
            answer = self._client.put_secret_value(SecretId=name, SecretString=text)
        except self._client.exceptions.ResourceNotFoundException:
            with_key = {"KmsKeyId": key} if key else {}
            answer = self._client.create_secret(Name=name, SecretString=text, **with_key)
        return str(answer["VersionId"])


STORES: dict[str, Callable[[boto3.Session], SecretStore]] = {"ssm": ParameterStore, "secretsmanager": SecretsManager}
