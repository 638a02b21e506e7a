"""Only a connection that carried the request makes a call unknown: not a failed handshake, nor a kept one that died."""

from typing import Any

import pytest
from botocore.session import Session

from aws_actions.calling.actions import Actions
from aws_actions.calling.allow_list import AllowList
from aws_actions.models import Done, Request, Result, Retryable, Unknown
from outcomes.outcome import LaterReason
from retry_policies import Deadline
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from tests.support.fault_server.behaviours import ask, behaviour
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.server import FaultServer
from tests.support.fault_server.wire import Behaviour, End, Exchange
from tests.unit.aws_actions.builders import request

SEND = request("sqs", "SendMessage", {"QueueUrl": "https://sqs.example/q", "MessageBody": "m"})
READ = request("sqs", "ListQueues", {})


SUCCESS = behaviour(ask("/200", body="{}", type="application/x-amz-json-1.0"))


class LocalSession(Session):
    """A session whose clients call a server of this machine."""

    def __init__(self, aws: FaultServer) -> None:
        super().__init__()
        self.local: dict[str, Any] = {"region_name": "eu-west-1", "endpoint_url": aws.url(""), "verify": aws.ca_file}
        self.set_credentials("key", "secret")

    def create_client(self, service_name: str, **options: Any) -> Any:  # type: ignore[override] # noqa: ANN401 - as in Session
        return super().create_client(service_name, **self.local, **options)


def make(aws: FaultServer, call: Request, times: int = 1) -> list[Result]:
    session, pauses = LocalSession(aws), list[float]()
    actions = Actions(
        allowed=AllowList.parse("sqs:SendMessage,sqs:ListQueues"),
        session=lambda: session,
        config=aws_config(connect_timeout=0.3, read_timeout=2.0),
        read=AWS_READ.with_(sleep=pauses.append),
        write=AWS_WRITE.with_(sleep=pauses.append),
    )
    return [actions.make(actions.prepare(call), Deadline.after(20), within=900) for _ in range(times)]


@pytest.mark.parametrize("call", [SEND, READ])
@pytest.mark.parametrize("on_connect", ["reset", "stall", "close_in_handshake"])
def test_a_call_whose_tls_handshake_failed_was_not_sent(on_connect: OnConnect, call: Request) -> None:
    with FaultServer("good", on_connect=on_connect) as aws:
        [result] = make(aws, call)
    assert result == Retryable(LaterReason.UNREACHABLE, "not_sent")
    assert (len(aws.connections), aws.requests) == (4, [])


@pytest.mark.parametrize(
    ("call", "expected"), [(SEND, Unknown("unanswered")), (READ, Retryable(LaterReason.UNANSWERED, "unanswered"))]
)
def test_a_call_that_is_reset_after_the_handshake_may_have_been_made(call: Request, expected: Result) -> None:
    with FaultServer("good") as aws:
        aws.script("/", then="/reset")
        assert make(aws, call) == [expected]


def once_per_connection() -> Behaviour:
    """Answer the first request of each connection and reset the second, as after a thaw."""
    used: set[int] = set()

    def behave(exchange: Exchange) -> End:
        if exchange.request.connection in used:
            return End.RESET
        used.add(exchange.request.connection)
        return SUCCESS(exchange)

    return behave


@pytest.mark.parametrize(("call", "requests"), [(SEND, 3), (READ, 5)])
def test_a_kept_connection_that_has_died_costs_no_call(call: Request, requests: int) -> None:
    """A call that must not be repeated gets a new connection; the others are repeated."""
    with FaultServer() as aws:
        aws.script("/", then=once_per_connection())
        results = make(aws, call, times=3)
    assert all(isinstance(result, Done) for result in results), results
    assert (len(aws.connections), len(aws.requests)) == (3, requests)
