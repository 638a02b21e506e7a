"""Requests, and a session whose clients answer from a script."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.model import ServiceModel
from botocore.session import Session

from aws_actions.calling.actions import Actions
from aws_actions.calling.allow_list import AllowList
from aws_actions.models import Call, Request
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from retry_policies.testing import FakeTime, shortest

NOON = datetime(2026, 1, 31, 12, 0, 41, tzinfo=UTC)
UPDATE = {"service": "ecs", "operation": "UpdateService", "parameters": {"service": "web", "forceNewDeployment": True}}
MODELS = Session()
"""Its loader caches models: ec2's model is read once for all tests."""
CANARY = "canary-of-aws-text"

type Answer = tuple[AWSResponse, dict[str, Any]] | Exception


def message(**changes: object) -> str:
    """Return a request message; a field changed to ... is left out."""
    return json.dumps({name: value for name, value in (UPDATE | changes).items() if value is not ...})


def request(service: str, operation: str, parameters: dict[str, Any], *, key: str = "k1") -> Request:
    call = Call(service=service, operation=operation, parameters=parameters)
    return Request(call=call, key=key, alarm="", expires_at=NOON + timedelta(minutes=15))


def fails(code: str, status: int = 400, **headers: str) -> Answer:
    """Return an answer with an error, whose text must not be shown."""
    metadata = {"RequestId": "11111111-2222", "HTTPHeaders": headers, "HTTPStatusCode": status}
    return AWSResponse("", status, HTTPHeaders(), None), {
        "Error": {"Code": code, "Message": CANARY},
        "ResponseMetadata": metadata,
    }


def gives(answer: dict[str, Any] | None = None) -> Answer:
    metadata = {"RequestId": "99999999-8888", "HTTPStatusCode": 200}
    return AWSResponse("", 200, HTTPHeaders(), None), {"ResponseMetadata": metadata, **(answer or {})}


@dataclass
class ScriptedAws:
    """A session whose clients answer from a script, in virtual time."""

    answers: list[Answer]
    allowed: str
    time: FakeTime = field(default_factory=FakeTime)
    loaded: list[str] = field(default_factory=list)
    """The services whose model was loaded."""
    made: list[str] = field(default_factory=list)
    """The services whose client was made."""
    attempts: int = 0
    seconds_to_assume: float = 0.0
    """Seconds until the role is assumed."""

    def get_credentials(self) -> "ScriptedAws":
        return self

    def get_frozen_credentials(self) -> None:
        self.time.now += self.seconds_to_assume

    def get_service_model(self, service_name: str) -> ServiceModel:
        self.loaded.append(service_name)
        return MODELS.get_service_model(service_name)

    def create_client(self, service_name: str, *, config: Config) -> Any:  # noqa: ANN401 - each service has its own type
        self.made.append(service_name)
        keys = dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), "testing")
        make: Any = MODELS.create_client
        client: Any = make(service_name, region_name="eu-west-1", config=config, **keys)
        client.meta.events.register("before-call", self._answer)
        return client

    def actions(self) -> Actions:
        return Actions(
            allowed=AllowList.parse(self.allowed),
            session=lambda: self,
            config=aws_config(),
            read=self.time.policy(AWS_READ, uniform=shortest),
            write=self.time.policy(AWS_WRITE, uniform=shortest),
        )

    def _answer(self, **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        self.attempts += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
