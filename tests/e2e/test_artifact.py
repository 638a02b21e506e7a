"""The packages that `sam build` makes: their contents, and a run of slack_alerts in Lambda's runtime."""

import json
import os
import re
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest
import requests

from demo.platform import PARAMETERS, LocalAws
from demo.processes import running
from holdfast_cli.sam import ROOT, SAM
from tests.support.local_aws.waiting import free_address, is_listening, wait_for
from tests.support.samples.events import LANES_ARN, lane_event, sample
from tests.support.slack.loopback import LoopbackSlack
from tests.support.stack.template import EMAIL, resolve

REQUIREMENTS = ROOT / "layers/retry/requirements.txt"
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


def test_a_function_package_holds_only_our_code(built: Path) -> None:
    assert {entry.name for entry in (built / "SlackAlertsFunction").iterdir()} == FUNCTIONS


def test_the_layer_holds_our_packages_with_their_type_marker_and_no_boto3(layer: Path) -> None:
    assert {entry.parent.name for entry in layer.glob("*/py.typed")} >= PACKAGES
    assert not (layer / "boto3").exists()
    assert not (layer / "botocore").exists()


def test_the_layer_holds_exactly_the_packages_that_are_pinned_by_hash(layer: Path) -> None:
    text = REQUIREMENTS.read_text().replace("\\\n", " ")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+) +--hash=sha256:", text, flags=re.MULTILINE))
    assert len(pinned) == len(re.findall(r"^[a-z]", text, flags=re.MULTILINE))
    found = metadata.distributions(path=[str(layer)])
    assert {one.metadata["Name"].lower().replace("_", "-"): one.version for one in found} == pinned


def test_each_module_has_bytecode(built: Path) -> None:
    modules = [module for artifact in built.iterdir() for module in artifact.rglob("*.py")]
    tag = sys.implementation.cache_tag
    without = [one for one in modules if not (one.parent / f"__pycache__/{one.stem}.{tag}.pyc").exists()]
    assert len(modules) > 300
    assert not without


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_each_function_imports_its_modules_from_the_artifact_and_the_runtime(
    built: Path, runtime: Path, function: str
) -> None:
    artifact = built / "SlackAlertsFunction"  # each function's has all of functions/
    modules = [file.relative_to(artifact).with_suffix("") for file in (artifact / function).rglob("*.py")]
    names = [".".join(path.parts).removesuffix(".__init__") for path in modules]
    environment = {"PYTHONPATH": f"{artifact}:{built}/RetryLayer/python:{runtime}"}
    command = [
        sys.executable,
        "-S",
        "-c",
        "import importlib, sys; [importlib.import_module(one) for one in sys.argv[1:]]",
    ]
    subprocess.run([*command, *names], env=environment, check=True)  # noqa: S603 - this Python, no shell


def test_the_artifact_delivers_three_alarms_in_sams_emulator(
    aws: LocalAws, built: Path, runtime: Path, tmp_path: Path
) -> None:
    bodies = (one["body"] for one in sample("sqs-alarms")["Records"])
    alarms = lane_event(*bodies, renewed_at=time.time())  # published longer than 12 days ago
    address, api = free_address(), free_address()
    command: list[str | Path] = [
        *(EMULATOR, "--runtime-interface-emulator-address", address, "--runtime-api-address", api),
        *(sys.executable, "-S", "-m", "awslambdaric", "slack_alerts.app.handler"),
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{built}/SlackAlertsFunction:{built}/RetryLayer/python:{runtime}",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        **resolve(OpsEmail=EMAIL)["SlackAlertsFunction"]["Environment"]["Variables"],
        "LANES_QUEUE_ARN": LANES_ARN,
        "DESTINATIONS_PATH": PATH,
    }
    log = tmp_path / "emulator.log"
    with (
        LoopbackSlack() as slack,
        log.open("wb") as output,
        running(command, env=environment, cwd=tmp_path, output=output),
    ):
        aws.client("ssm").put_parameter(Name=f"{PATH}/default", Value=slack.webhook(), Type="SecureString")
        assert wait_for(lambda: is_listening(address)), log.read_text()
        url = f"http://{address}/2015-03-31/functions/function/invocations"
        answer = requests.post(url, json=alarms, timeout=60)
    assert answer.json() == {"batchItemFailures": []}, log.read_text()
    ids = [json.loads(one["body"])["MessageId"] for one in alarms["Records"]]
    assert all(known in str(request) for known, request in zip(ids, slack.requests, strict=True))  # no table, no digest
    assert "/services/" not in log.read_text()
