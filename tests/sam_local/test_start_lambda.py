"""sam local start-lambda: Lambda's API on this machine, called by boto3."""

import json
import socket
from typing import Any

from demo.clients import Clients
from tests.support.handlers.invocations import all_failed
from tests.support.local_aws.sam_local import SamLocal
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import EVENTS


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_client_of_boto3_gets_the_functions_answer(without_aws: SamLocal) -> None:
    port = free_port()
    with without_aws.lambda_service(port) as endpoint:
        assert wait_for(lambda: is_listening(port))
        client: Any = Clients(endpoint).client("lambda")
        event = (EVENTS / "sqs-alarms.json").read_bytes()
        answer = client.invoke(FunctionName="IntakeFunction", Payload=event)
    assert (answer["StatusCode"], json.loads(answer["Payload"].read())) == (200, all_failed("sqs-alarms"))
