"""The AWS services that aws_actions calls, in virtual time and without a socket.

Models, parameters and credentials are botocore's own; only the calls are not sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.model import ServiceModel
from botocore.session import Session

from aws_actions.calling.call_role import CallRole
from tests.support.virtual.faults import client_error
from tests.support.virtual.ledger import token_in
from tests.support.virtual.service import Service

MODELS = Session()
"""Its loader caches the models."""
REFUSED, PARTLY, DIES = "never-taken", "partly-done", "dies"
"""Words of calls that AWS always refuses, that it reports as done in part, and that kill the function."""
TOKENS = ("ClientToken", "clientToken")


@dataclass(frozen=True, slots=True)
class Attempted:
    """An invocation is about to make this call."""

    token: str
    operation: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """The call took effect. A repetition with the same idempotency token does not."""

    token: str
    operation: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The invocation received the answer that the call succeeded."""

    token: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The call raised this error."""

    token: str
    error: Exception


type CallFact = Attempted | Arrived | Answered | Failed


@dataclass
class Cloud:
    """All services that can be called, and STS."""

    service: Service
    sts: Service
    record: Callable[[CallFact], object]
    known: set[str] = field(default_factory=set)
    """Idempotency tokens of earlier calls."""

    def session(self) -> "CloudSession":
        """Return the session of one execution environment; it assumes the role once for all clients."""
        return CloudSession(self, CallRole("arn:aws:iam::123456789012:role/calls", lambda: VirtualSts(self.sts)))

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Make a call that has its credentials."""
        token = token_in(str(parameters))
        try:
            answer = self.service.call(operation, partial(self._arrive, token, operation, parameters))
        except Exception as error:
            self.record(Failed(token, error))
            raise
        self.record(Answered(token))
        return answer

    def _arrive(self, token: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        if REFUSED in str(parameters):
            raise client_error("ServiceNotFoundException")
        once = next((parameters[name] for name in TOKENS if name in parameters), "")
        if not once or once not in self.known:
            self.record(Arrived(token, operation))
        self.known.update(filter(None, [once]))
        failed = {"FunctionError": "Unhandled"} if PARTLY in str(parameters) else {}
        return {"ResponseMetadata": {"RequestId": "99999999-8888"}, **failed}


@dataclass
class CloudSession:
    """Replaces a botocore session under the role of the calls."""

    cloud: Cloud
    role: CallRole

    def __post_init__(self) -> None:
        self._credentials = self.role.load()

    def get_credentials(self) -> RefreshableCredentials:
        return self._credentials

    def get_service_model(self, service_name: str) -> ServiceModel:
        return MODELS.get_service_model(service_name)

    def create_client(self, service_name: str, *, config: Config) -> "CloudClient":  # noqa: ARG002 - there is no socket
        return CloudClient(self)

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Make a call; raise RoleNotAssumed without credentials."""
        token = token_in(str(parameters))
        self._credentials.get_frozen_credentials()
        self.cloud.record(Attempted(token, operation))
        if DIES in str(parameters):
            self.cloud.service.operations.scheduler.die()
        return self.cloud.call(operation, parameters)


class CloudClient:
    """A client with every method."""

    def __init__(self, session: CloudSession) -> None:
        self._session = session

    def close(self) -> None:
        """Close the kept connections: there are none."""

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        return lambda **parameters: self._session.call(method, parameters)


@dataclass(frozen=True)
class VirtualSts:
    service: Service

    def assume_role(self, *, RoleArn: str, RoleSessionName: str, DurationSeconds: int) -> Mapping[str, Any]:
        assert RoleArn
        assert RoleSessionName
        return self.service.call("assume_role", partial(_credentials, DurationSeconds))


def _credentials(seconds: float) -> dict[str, Any]:
    """Return credentials that outlive the world: botocore checks them against the real clock."""
    ends = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": ends}}
