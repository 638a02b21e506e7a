"""ActionsCallRole, under which allowed calls run; the function's own role may only assume it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials
from botocore.session import Session

from aws_actions.models import ASSUME_ROLE, RoleNotAssumed
from observability.aws_errors import AWS_ERRORS
from retry_policies import Classification, ErrorKind
from retry_policies.aws import classify_aws_for

LIFETIME = 3600
"""Seconds: the most that AWS allows for a role assumed by a role. botocore renews 15 minutes before the end."""
SESSION_NAME = "holdfast-actions"

classify = classify_aws_for("sts")


class Sts(Protocol):
    """The part of the STS client that is called here."""

    def assume_role(self, *, RoleArn: str, RoleSessionName: str, DurationSeconds: int) -> Mapping[str, Any]: ...


class CallRole(CredentialProvider):
    """Credentials of the role, requested at the first call and renewed in time."""

    METHOD = "holdfast-call-role"

    def __init__(self, role_arn: str, sts: Callable[[], Sts]) -> None:
        super().__init__()
        self.role_arn = role_arn
        self.sts = sts

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(refresh_using=self._assume, method=self.METHOD)

    def _assume(self) -> dict[str, str]:
        failure: Exception
        try:
            answer = self.sts().assume_role(
                RoleArn=self.role_arn, RoleSessionName=SESSION_NAME, DurationSeconds=LIFETIME
            )
        except AWS_ERRORS as error:
            failure = error
        else:
            return _metadata(answer["Credentials"])
        raise RoleNotAssumed(_classify(failure))


def session_under(role_arn: str, sts: Callable[[], Sts]) -> Session:
    """Return a session whose clients act as this role."""
    session = Session()
    session.register_component("credential_provider", CredentialResolver([CallRole(role_arn, sts)]))
    return session


def _classify(error: Exception) -> Classification:
    """Classify an error of STS; it is never ambiguous, because the call that needs the role was not sent."""
    classification = classify(error) or Classification(ErrorKind.PERMANENT, code=type(error).__name__)
    kind = ErrorKind.TRANSIENT if classification.kind is ErrorKind.AMBIGUOUS else classification.kind
    return replace(classification, kind=kind, code=f"{ASSUME_ROLE}{classification.code}"[:80])


def _metadata(credentials: Mapping[str, Any]) -> dict[str, str]:
    return {
        "access_key": credentials["AccessKeyId"],
        "secret_key": credentials["SecretAccessKey"],
        "token": credentials["SessionToken"],
        "expiry_time": credentials["Expiration"].isoformat(),
    }
