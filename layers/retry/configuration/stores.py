"""Read a text by name, decrypted, from SSM or Secrets Manager; None if it does not exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import ClientError

from observability.aws_errors import AWS_ERRORS, error_code
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy, retry_info


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored text, which may be a secret."""

    text: str = field(repr=False)
    version: str
    """Changes with the text."""


class Store(Protocol):
    """A store of texts by name."""

    def read(self, name: str) -> Stored | None: ...


class Unreadable(Exception):
    """The store did not answer or denied access; the message is the error's code."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        """Seconds that the store asked us to wait."""


class Ssm(Protocol):
    """The SSM client's methods that ParameterStore calls."""

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Mapping[str, Any]: ...


class Secrets(Protocol):
    """The Secrets Manager client's methods that SecretsManager calls."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class ParameterStore:
    """SSM parameters, SecureString ones decrypted."""

    client: Ssm

    def read(self, name: str) -> Stored | None:
        """Return the parameter. Raise boto3's errors."""
        try:
            answer = self.client.get_parameter(Name=name, WithDecryption=True)
        except ClientError as error:
            if error_code(error) == "ParameterNotFound":
                return None
            raise
        return _stored(answer.get("Parameter"), "Value", "Version")


@dataclass(frozen=True, slots=True)
class SecretsManager:
    """Secrets of Secrets Manager, in the version AWSCURRENT."""

    client: Secrets

    def read(self, name: str) -> Stored | None:
        """Return the secret. Raise boto3's errors."""
        try:
            answer = self.client.get_secret_value(SecretId=name)
        except ClientError as error:
            # InvalidRequestException: the secret is scheduled for deletion.
            if error_code(error) in {"ResourceNotFoundException", "InvalidRequestException"}:
                return None
            raise
        return _stored(answer, "SecretString", "VersionId")


STORES: Mapping[str, Callable[[Any], Store]] = {"ssm": ParameterStore, "secretsmanager": SecretsManager}
"""Store classes by boto3's name of the service: STORES[name](boto3.client(name, …))."""


def read_stored(store: Store, name: str, policy: RetryPolicy, deadline: Deadline) -> Stored | None:
    """Read by the policy. Raise Unreadable."""
    try:
        return policy.call(deadline, store.read, name)
    except (*AWS_ERRORS, DeadlineExceeded) as error:
        code, info = error_code(error), retry_info(error)
    # Outside the except block: a parser's error quotes the response, which holds the secret.
    raise Unreadable(code, None if info is None else info.retry_after)


def _stored(found: object, text_key: str, version_key: str) -> Stored:
    """Return the text of a response; a binary secret counts as an empty text."""
    answer = found if isinstance(found, Mapping) else {}
    text = answer.get(text_key)
    return Stored(text if isinstance(text, str) else "", str(answer.get(version_key, "")))
