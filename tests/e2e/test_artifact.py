"""The packages that `sam build` makes: their contents, and a run of each function's handler in Lambda's runtime."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
import requests

from demo.platform import PARAMETERS, LocalAws
from demo.processes import running
from holdfast_cli.sam import ROOT, SAM
from tests.support.handlers.invocations import all_failed
from tests.support.local_aws.runtime_api import RuntimeApi
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import LANES_ARN, QUEUE_ARN, TOPIC_ARN, lane_event, sample
from tests.support.slack.loopback import LoopbackSlack
from tests.support.stack.template import EMAIL, resolve

REQUIREMENTS = ROOT / "layers/retry/requirements.txt"
LARGEST = 8 * 1024 * 1024
PACKAGES = {"aws_events", "notifications", "record_batch", "retry_policies"}
FUNCTIONS = {"aws_actions", "intake", "notices", "redrive", "slack_alerts"}
PATH = "/artifact/destinations"
[RAPID] = SAM.parent.parent.glob("lib/python*/site-packages/samcli/local/rapid")
EMULATOR = RAPID / f"aws-lambda-rie-{PARAMETERS['Architecture']}"


@pytest.fixture(scope="module")
def built(aws: LocalAws) -> Path:
    return aws.build()


@pytest.fixture(scope="module")
def layer(built: Path) -> Path:
    return built / "RetryLayer/python"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages of Lambda's runtime: its client, boto3, and their dependencies."""
    folder = tmp_path_factory.mktemp("runtime")
    found: set[str] = set()
    waiting = ["awslambdaric", "boto3"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            needs = metadata.requires(name) or []
            waiting += [re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0] for need in needs if "extra ==" not in need]
    for name in found:
        for top in {file.parts[0] for file in metadata.files(name) or [] if not file.parts[0].startswith("..")}:
            (folder / top).symlink_to(Path(str(metadata.distribution(name).locate_file(top))))
    return folder


def environment(built: Path, runtime: Path, function: str, **variables: str) -> dict[str, str]:
    """Return the environment of a function in the runtime; a reference of the template becomes its logical name."""
    template_variables: dict[str, str] = resolve(OpsEmail=EMAIL)[function]["Environment"]["Variables"]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{built}/{function}:{built}/RetryLayer/python:{runtime}",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        **template_variables,
        **variables,
    }


def contents(folder: Path) -> Iterator[Path]:
    """Yield the files of a package without bytecode and the start scripts of pip."""
    for file in folder.rglob("*"):
        path = file.relative_to(folder)
        if file.is_file() and "__pycache__" not in path.parts and path.parts[0] != "bin":
            yield file


def test_a_function_package_holds_only_our_code(built: Path) -> None:
    assert {entry.name for entry in (built / "SlackAlertsFunction").iterdir()} == FUNCTIONS


def test_the_layer_holds_our_packages_with_their_type_marker_and_no_boto3(layer: Path) -> None:
    assert {entry.parent.name for entry in layer.glob("*/py.typed")} >= PACKAGES
    assert not (layer / "boto3").exists()
    assert not (layer / "botocore").exists()


def test_the_layer_holds_exactly_the_packages_that_are_pinned_by_hash_and_stays_small(layer: Path) -> None:
    text = REQUIREMENTS.read_text().replace("\\\n", " ")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+) +--hash=sha256:", text, flags=re.MULTILINE))
    assert len(pinned) == len(re.findall(r"^[a-z]", text, flags=re.MULTILINE))
    found = metadata.distributions(path=[str(layer)])
    assert {one.metadata["Name"].lower().replace("_", "-"): one.version for one in found} == pinned
    assert sum(file.stat().st_size for file in contents(layer)) < LARGEST


def test_the_artifact_delivers_three_alarms_in_a_clean_interpreter(aws: LocalAws, built: Path, runtime: Path) -> None:
    bodies = (one["body"] for one in sample("sqs-alarms")["Records"])
    alarms = lane_event(*bodies, renewed_at=time.time())  # published longer than 12 days ago
    with LoopbackSlack() as slack, RuntimeApi(alarms) as api:
        aws.client("ssm").put_parameter(Name=f"{PATH}/default", Value=slack.webhook(), Type="SecureString")
        variables = {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "under-test",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": "log-group",
            "AWS_LAMBDA_LOG_STREAM_NAME": "log-stream",
            "AWS_ENDPOINT_URL": aws.endpoint,
            "LANES_QUEUE_ARN": LANES_ARN,
            "DESTINATIONS_PATH": PATH,
        }
        with subprocess.Popen(
            [sys.executable, "-S", "-m", "awslambdaric", "slack_alerts.app.handler"],
            env=environment(built, runtime, "SlackAlertsFunction", **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                answer = api.answer()
            finally:
                process.kill()
                output = process.communicate()[0].decode()
    assert answer == ("response", {"batchItemFailures": []}), output
    ids = [json.loads(one["body"])["MessageId"] for one in alarms["Records"]]
    assert all(known in str(request) for known, request in zip(ids, slack.requests, strict=True))  # no table, no digest
    assert "/services/" not in output


def test_sams_emulator_loads_a_handler_and_returns_its_answer(built: Path, runtime: Path, tmp_path: Path) -> None:
    variables = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "ALERTS_QUEUE_ARN": QUEUE_ARN,
        "ALLOWED_TOPIC_ARNS": TOPIC_ARN,
    }
    address, api = free_address(), free_address()
    command: list[str | Path] = [
        *(EMULATOR, "--runtime-interface-emulator-address", address, "--runtime-api-address", api),
        *(sys.executable, "-S", "-m", "awslambdaric", "intake.app.handler"),
    ]
    log = tmp_path / "emulator.log"
    env = environment(built, runtime, "IntakeFunction", **variables)
    with log.open("wb") as output, running(command, env=env, cwd=tmp_path, output=output):
        assert wait_for(lambda: is_listening(address)), log.read_text()
        url = f"http://{address}/2015-03-31/functions/function/invocations"
        answer = requests.post(url, json=sample("sqs-alarms"), timeout=60)
    assert answer.json() == all_failed("sqs-alarms"), log.read_text()


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def is_listening(address: str) -> bool:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0
