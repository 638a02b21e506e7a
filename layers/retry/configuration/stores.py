"""A name -> what stands under it in AWS, decrypted. Only "there is none" is an answer; the rest raises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import ClientError

from observability.aws_errors import AWS_ERRORS, error_code
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy


@dataclass(frozen=True, slots=True)
class Stored:
    """A text as the store has it; it may be a secret."""

    text: str = field(repr=False)
    version: str
    """Another one after each change."""


class Store(Protocol):
    """Where a text may stand."""

    def read(self, name: str) -> Stored | None: ...


class Unreadable(Exception):
    """The store did not answer, or not us; the message is its error's code."""


class Ssm(Protocol):
    """The part of the SSM client that is called here."""

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Mapping[str, Any]: ...


class Secrets(Protocol):
    """The part of the Secrets Manager client that is called here."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class ParameterStore:
    """SSM parameters, SecureString ones decrypted."""

    client: Ssm

    def read(self, name: str) -> Stored | None:
        """The parameter, or None where there is none; raises what boto3 raises."""
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
        """The secret, or None where there is none; raises what boto3 raises."""
        try:
            answer = self.client.get_secret_value(SecretId=name)
        except ClientError as error:
            # InvalidRequestException is a secret that waits for its deletion.
            if error_code(error) in {"ResourceNotFoundException", "InvalidRequestException"}:
                return None
            raise
        return _stored(answer, "SecretString", "VersionId")


STORES: Mapping[str, Callable[[Any], Store]] = {"ssm": ParameterStore, "secretsmanager": SecretsManager}
"""By the name that boto3 has for the service: STORES[name](boto3.client(name, …))."""


def read_stored(store: Store, name: str, policy: RetryPolicy, deadline: Deadline) -> Stored | None:
    """What the store has, by that policy, or None where there is nothing; raises Unreadable."""
    try:
        return policy.call(deadline, store.read, name)
    except (*AWS_ERRORS, DeadlineExceeded) as error:
        code = error_code(error)
    raise Unreadable(code)  # outside the except blocks: a parser's error shows the answer, and that holds the secret


def _stored(found: object, text_key: str, version_key: str) -> Stored:
    """What is no text (a binary secret) is there and cannot be used: as good as empty."""
    answer = found if isinstance(found, Mapping) else {}
    text = answer.get(text_key)
    return Stored(text if isinstance(text, str) else "", str(answer.get(version_key, "")))
