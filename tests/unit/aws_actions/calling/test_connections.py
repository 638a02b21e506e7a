"""A kept connection may have died while Lambda was frozen: a call that must not be repeated gets a new one."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import Session

from aws_actions.calling.actions import Actions
from aws_actions.calling.allow_list import AllowList
from aws_actions.models import Done, Request
from retry_policies import Deadline
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.server import FaultServer
from tests.unit.aws_actions.builders import request

SEND = request("sqs", "SendMessage", {"QueueUrl": "https://sqs.example/q", "MessageBody": "m"})
READ = request("sqs", "ListQueues", {})


@pytest.fixture
def aws() -> Iterator[FaultServer]:
    with FaultServer() as server:
        server.script("/", then=ask("/200", body="{}", type="application/x-amz-json-1.0"))
        yield server


class LocalSession(Session):
    """A session whose clients call a server of this machine."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.endpoint = endpoint
        self.set_credentials("key", "secret")

    def create_client(self, service_name: str, **options: Any) -> Any:  # type: ignore[override] # noqa: ANN401 - as in Session
        return super().create_client(service_name, region_name="eu-west-1", endpoint_url=self.endpoint, **options)


def actions(aws: FaultServer) -> Actions:
    session = LocalSession(aws.url(""))
    return Actions(
        allowed=AllowList.parse("sqs:SendMessage,sqs:ListQueues"),
        session=lambda: session,
        config=aws_config(),
        read=AWS_READ,
        write=AWS_WRITE,
    )


@pytest.mark.parametrize(("call", "connections"), [(SEND, 2), (READ, 1)])
def test_only_a_repeatable_call_uses_a_kept_connection(aws: FaultServer, call: Request, connections: int) -> None:
    made = actions(aws)
    for _ in range(2):
        result = made.make(made.prepare(call), Deadline.after(20), within=900)
        assert isinstance(result, Done), result
    assert len(aws.connections) == connections
