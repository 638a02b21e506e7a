"""What `sam build` puts into the packages, and that the runtime can load and run it."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from demo.platform import LocalAws
from tests.support.local_aws.runtime_api import RuntimeApi
from tests.support.samples.events import LANES_ARN, lane_event, sample
from tests.support.slack.loopback import LoopbackSlack
from tests.support.stack.template import EMAIL
from tests.support.stack.template import stack as template

LAYER = {
    "aws-lambda-powertools",
    "certifi",
    "charset-normalizer",
    "idna",
    "jmespath",
    "requests",
    "tenacity",
    "typing-extensions",
    "urllib3",
}
PACKAGES = {"aws_events", "notifications", "record_batch", "retry_policies"}
FUNCTIONS = {"aws_actions", "intake", "notices", "redrive", "slack_alerts"}
PATH = "/artifact/destinations"


@pytest.fixture(scope="module")
def built(aws: LocalAws) -> Path:
    return aws.build()


def distributions(folder: Path) -> set[str]:
    found = metadata.distributions(path=[str(folder)])
    return {re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower() for one in found}


def test_the_function_package_holds_our_code_and_nothing_else(built: Path) -> None:
    assert {entry.name for entry in (built / "SlackAlertsFunction").iterdir()} == FUNCTIONS


def test_the_layer_holds_three_libraries_and_what_they_need(built: Path) -> None:
    assert distributions(built / "RetryLayer" / "python") == LAYER


def test_the_layer_holds_our_packages_with_their_type_marker(built: Path) -> None:
    layer = built / "RetryLayer" / "python"
    assert {entry.parent.name for entry in layer.glob("*/py.typed")} >= PACKAGES
    assert not (layer / "boto3").exists()
    assert not (layer / "botocore").exists()


def test_the_artifact_delivers_three_alarms_in_a_clean_interpreter(aws: LocalAws, built: Path, tmp_path: Path) -> None:
    bodies = (one["body"] for one in sample("sqs-alarms")["Records"])
    alarms = lane_event(*bodies, renewed_at=time.time())  # published longer than 12 days ago
    with LoopbackSlack() as slack, RuntimeApi(alarms) as api:
        aws.client("ssm").put_parameter(Name=f"{PATH}/default", Value=slack.webhook(), Type="SecureString")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{built}/SlackAlertsFunction:{built}/RetryLayer/python:{tmp_path}",
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "under-test",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": "log-group",
            "AWS_LAMBDA_LOG_STREAM_NAME": "log-stream",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": aws.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            **variables("SlackAlertsFunction"),
            "LANES_QUEUE_ARN": LANES_ARN,
            "DESTINATIONS_PATH": PATH,
        }
        for name in runtime():
            (tmp_path / name.name).symlink_to(name)
        command = [sys.executable, "-S", "-m", "awslambdaric", "slack_alerts.app.handler"]
        with subprocess.Popen(  # noqa: S603 - our own interpreter
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            try:
                answer = api.answer()
            finally:
                process.kill()
                printed = process.communicate()[0].decode()
    assert answer == ("response", {"batchItemFailures": []}), printed
    ids = [json.loads(one["body"])["MessageId"] for one in alarms["Records"]]
    assert all(known in str(request) for known, request in zip(ids, slack.requests, strict=True))  # no table, no digest
    assert "/services/" not in printed


def variables(function: str) -> dict[str, str]:
    """Return the environment of a function as the template sets it; a reference becomes the logical name."""
    set_by: dict[str, str] = template(OpsEmail=EMAIL)[function]["Environment"]["Variables"]
    return set_by


def runtime() -> Iterator[Path]:
    """The folders and files that the Lambda runtime brings: its client, boto3, and what these need."""
    found: set[str] = set()
    waiting = ["awslambdaric", "boto3"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        needs = metadata.requires(name) or []
        waiting += [re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0] for need in needs if "extra ==" not in need]
    for name in found:
        files = metadata.files(name) or []
        for top in {file.parts[0] for file in files if not file.parts[0].startswith("..")}:
            yield Path(str(metadata.distribution(name).locate_file(top)))
