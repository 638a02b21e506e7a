"""sam local start-lambda: Lambda's API on this machine, called by boto3."""

import json
from typing import Any

from demo.clients import Clients
from tests.support.handlers.invocations import all_failed
from tests.support.local_aws.sam_local import SamLocal
from tests.support.local_aws.waiting import free_address, is_listening, wait_for
from tests.support.samples.events import EVENTS


def test_the_client_of_boto3_gets_the_functions_answer(without_aws: SamLocal) -> None:
    address = free_address()
    with without_aws.lambda_service(address.partition(":")[2]) as endpoint:
        assert wait_for(lambda: is_listening(address))
        client: Any = Clients(endpoint).client("lambda")
        event = (EVENTS / "sqs-alarms.json").read_bytes()
        answer = client.invoke(FunctionName="IntakeFunction", Payload=event)
    assert (answer["StatusCode"], json.loads(answer["Payload"].read())) == (200, all_failed("sqs-alarms"))
