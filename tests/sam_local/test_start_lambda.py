"""sam local start-lambda: Lambda's own API on this machine, spoken to by boto3."""

import json
import socket
import time
from typing import Any

from demo.clients import Clients
from tests.support.handlers.invocations import everything_again
from tests.support.local_aws.sam_local import SamLocal
from tests.support.samples.events import EVENTS


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 60.0) -> None:
    """Until somebody listens there."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"nobody listens on port {port}")


def test_the_client_of_boto3_gets_the_functions_answer(without_aws: SamLocal) -> None:
    port = free_port()
    with without_aws.lambda_service(port) as endpoint:
        wait_for(port)
        client: Any = Clients(endpoint).client("lambda")
        event = (EVENTS / "sqs-alarms.json").read_bytes()
        answer = client.invoke(FunctionName="IntakeFunction", Payload=event)
    assert (answer["StatusCode"], json.loads(answer["Payload"].read())) == (200, everything_again("sqs-alarms"))
