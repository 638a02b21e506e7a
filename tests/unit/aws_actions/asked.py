"""Requests, rules and sessions with as much in them as a test cares about."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.client import BaseClient
from botocore.config import Config
from botocore.model import ServiceModel
from botocore.session import Session
from botocore.stub import Stubber

from aws_actions.calling.actions import Actions, Prepared
from aws_actions.calling.allow_list import AllowList
from aws_actions.models import Call, Request, Result
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from retry_policies.testing import FakeTime, shortest

NOON = datetime(2026, 1, 31, 12, 0, 41, tzinfo=UTC)
UPDATE = {"service": "ecs", "operation": "UpdateService", "parameters": {"service": "web", "forceNewDeployment": True}}
MODELS = Session()
"""Its loader keeps what it has read: ec2's model is read once for all tests."""


def message(**changes: object) -> str:
    """A request message; a field changed to ... is left out."""
    return json.dumps({name: value for name, value in (UPDATE | changes).items() if value is not ...})


def request(service: str, operation: str, parameters: dict[str, Any], *, key: str = "k1") -> Request:
    call = Call(service=service, operation=operation, parameters=parameters)
    return Request(call=call, key=key, alarm="", expires_at=NOON + timedelta(minutes=15))


@dataclass
class Stubbed:
    """A session whose clients answer from a script, in virtual time; what is left unasked, a test sees."""

    answers: list[Callable[[Stubber, str], None]]
    allowed: str
    time: FakeTime = field(default_factory=FakeTime)
    loaded: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    stubber: Stubber | None = None
    assuming: float = 0.0
    """Seconds until the role is assumed."""

    def get_credentials(self) -> "Stubbed":
        return self

    def get_frozen_credentials(self) -> None:
        self.time.now += self.assuming

    def get_service_model(self, service_name: str) -> ServiceModel:
        self.loaded.append(service_name)
        return MODELS.get_service_model(service_name)

    def create_client(self, service_name: str, *, config: Config) -> BaseClient:
        self.made.append(service_name)
        client = MODELS.create_client(
            service_name,
            region_name="eu-west-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - none
            config=config,
        )
        client.meta.events.register("provide-client-params", lambda params, **_: self.calls.append(params))
        self.stubber = Stubber(client)
        self.stubber.activate()
        return client

    def actions(self) -> Actions:
        return Actions(
            allowed=AllowList.parse(self.allowed),
            session=lambda: self,
            config=aws_config(),
            read=self.time.policy(AWS_READ, uniform=shortest),
            write=self.time.policy(AWS_WRITE, uniform=shortest),
        )

    def ask(self, asked: Request) -> tuple[Prepared, Result]:
        """Prepare and make one call."""
        actions = self.actions()
        prepared = actions.prepare(asked)
        assert prepared.service.client is prepared.service.client
        assert self.stubber is not None
        for answer in self.answers:
            answer(self.stubber, prepared.operation.name)
        return prepared, actions.make(prepared, self.time.deadline(50), within=900)


CANARY = "canary-of-aws-text"


def fails(code: str, status: int = 400, **headers: str) -> Callable[[Stubber, str], None]:
    """One answer with an error, whose text must go nowhere."""

    def add(stubber: Stubber, operation: str) -> None:
        stubber.add_client_error(
            _method(stubber, operation),
            service_error_code=code,
            service_message=CANARY,
            http_status_code=status,
            response_meta={"RequestId": "11111111-2222", "HTTPHeaders": headers},
        )

    return add


def gives(answer: dict[str, Any] | None = None) -> Callable[[Stubber, str], None]:
    """One answer of success."""

    def add(stubber: Stubber, operation: str) -> None:
        given = {"ResponseMetadata": {"RequestId": "99999999-8888", "HTTPStatusCode": 200}, **(answer or {})}
        stubber.add_response(_method(stubber, operation), given)

    return add


def _method(stubber: Stubber, operation: str) -> str:
    methods: dict[str, str] = stubber.client.meta.method_to_api_mapping
    return next(method for method, api in methods.items() if api == operation)
