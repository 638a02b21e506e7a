"""The built function under the emulator that ships with aws-sam-cli, without a container."""

import os
import socket
import sys
from pathlib import Path

import requests

from demo.platform import PARAMETERS, LocalAws
from demo.processes import running
from holdfast_cli.sam import SAM
from tests.e2e.test_artifact import runtime, variables
from tests.support.handlers.invocations import everything_again
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import QUEUE_ARN, TOPIC_ARN, sample

[RAPID] = SAM.parent.parent.glob("lib/python*/site-packages/samcli/local/rapid")
EMULATOR = RAPID / f"aws-lambda-rie-{PARAMETERS['Architecture']}"


def test_the_emulator_loads_the_handler_and_answers_for_it(aws: LocalAws, tmp_path: Path) -> None:
    built = aws.build()
    for name in runtime():
        (tmp_path / name.name).symlink_to(name)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{built}/IntakeFunction:{built}/RetryLayer/python:{tmp_path}",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        **variables("IntakeFunction"),
        "ALERTS_QUEUE_ARN": QUEUE_ARN,
        "ALLOWED_TOPIC_ARNS": TOPIC_ARN,
    }
    address, api = free_address(), free_address()
    command: list[str | Path] = [
        *(EMULATOR, "--runtime-interface-emulator-address", address, "--runtime-api-address", api),
        *(sys.executable, "-S", "-m", "awslambdaric", "intake.app.handler"),
    ]
    log = tmp_path / "emulator.log"
    with log.open("wb") as output, running(command, env=environment, cwd=tmp_path, output=output):
        assert wait_for(lambda: answers(address)), log.read_text()
        answer = requests.post(
            f"http://{address}/2015-03-31/functions/function/invocations", json=sample("sqs-alarms"), timeout=60
        )
    assert answer.json() == everything_again("sqs-alarms"), log.read_text()


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def answers(address: str) -> bool:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0
