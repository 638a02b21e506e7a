"""A name -> the text that stands under it in AWS, decrypted. Only "there is none" is an answer; the rest raises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from retry_policies import Deadline, DeadlineExceeded, RetryPolicy


class Store(Protocol):
    """Where a text may stand."""

    def read(self, name: str) -> str | None: ...


class Unreadable(Exception):  # noqa: N818 - the name says what it is
    """The store did not answer, or not us; the message is its error's code."""


class Ssm(Protocol):
    """The part of the SSM client that is called here."""

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Mapping[str, Any]: ...  # noqa: N803


class Secrets(Protocol):
    """The part of the Secrets Manager client that is called here."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]: ...  # noqa: N803


@dataclass(frozen=True, slots=True)
class ParameterStore:
    """SSM parameters, SecureString ones decrypted."""

    client: Ssm

    def read(self, name: str) -> str | None:
        """The parameter's value, or None where there is none; raises what boto3 raises."""
        try:
            answer = self.client.get_parameter(Name=name, WithDecryption=True)
        except ClientError as error:
            if _code(error) == "ParameterNotFound":
                return None
            raise
        return _text(answer.get("Parameter"), "Value")


@dataclass(frozen=True, slots=True)
class SecretsManager:
    """Secrets of Secrets Manager, in the version AWSCURRENT."""

    client: Secrets

    def read(self, name: str) -> str | None:
        """The secret's text, or None where there is none; raises what boto3 raises."""
        try:
            answer = self.client.get_secret_value(SecretId=name)
        except ClientError as error:
            # InvalidRequestException is a secret that waits for its deletion.
            if _code(error) in {"ResourceNotFoundException", "InvalidRequestException"}:
                return None
            raise
        return _text(answer, "SecretString")


STORES: Mapping[str, Callable[[Any], Store]] = {"ssm": ParameterStore, "secretsmanager": SecretsManager}
"""By the name that boto3 has for the service: STORES[name](boto3.client(name, …))."""


def read_text(store: Store, name: str, policy: RetryPolicy, deadline: Deadline) -> str | None:
    """The text by that policy, or None where there is none; raises Unreadable."""
    try:
        return policy.call(deadline, store.read, name)
    except ClientError as error:
        code = _code(error)
    except (BotoCoreError, ResponseParserError, DeadlineExceeded) as error:
        code = type(error).__name__
    raise Unreadable(code)  # outside the except blocks: a parser's error shows the answer, and that holds the secret


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def _text(found: object, key: str) -> str:
    """What is no text (a binary secret) is there and cannot be used: as good as empty."""
    text = found.get(key) if isinstance(found, Mapping) else None
    return text if isinstance(text, str) else ""
