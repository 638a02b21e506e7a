"""A destination's name -> the version of its secret, which says nothing of what it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from record_batch.aws_errors import AWS_ERRORS, error_code
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy

MISSING = ""
"""There is no secret: slack_alerts knows what to do."""


class VersionUnreadable(Exception):  # noqa: N818 - the name says what it is
    """The store did not answer, or not us; the message is its error's code."""


class Store(Protocol):
    """Where the secrets are."""

    def version(self, name: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Parameters:
    """SSM, not decrypted."""

    client: Any

    def version(self, name: str) -> str:
        try:
            answer = self.client.get_parameter(Name=name, WithDecryption=False)
        except ClientError as error:
            if error_code(error) == "ParameterNotFound":
                return MISSING
            raise
        return str(answer["Parameter"]["Version"])


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets Manager, described and not read."""

    client: Any

    def version(self, name: str) -> str:
        try:
            answer = self.client.describe_secret(SecretId=name)
        except ClientError as error:
            if error_code(error) == "ResourceNotFoundException":
                return MISSING
            raise
        stages: Mapping[str, list[str]] = answer.get("VersionIdsToStages", {})
        return next((version for version, names in stages.items() if "AWSCURRENT" in names), MISSING)


STORES: Mapping[str, Callable[[Any], Store]] = {"ssm": Parameters, "secretsmanager": Secrets}
"""By the name that boto3 has for the service."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the destinations under one path."""

    store: Store
    path: str
    policy: RetryPolicy

    def __call__(self, destination: str, deadline: Deadline) -> str:
        """Raises VersionUnreadable."""
        try:
            return self.policy.call(deadline, self.store.version, f"{self.path}/{destination}")
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            raise VersionUnreadable(error_code(error)) from error
