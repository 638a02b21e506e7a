"""The built artifacts, deployed on the local AWS, and the cold starts of their functions in processes of their own."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from benchmarks import cold_process
from benchmarks.cold_variants import AS_BUILT, RUNTIME, variants
from demo.clients import local_environment
from demo.platform import LocalAws
from holdfast_cli.sam import ROOT
from holdfast_cli.stack import Stack
from tests.support.fault_server.server import FaultServer
from tests.support.local_aws.process_pipeline import lambda_record
from tests.support.samples.events import alarm_message, sns_body

FUNCTIONS = {
    "intake": "IntakeFunction",
    "slack_alerts": "SlackAlertsFunction",
    "aws_actions": "ActionsFunction",
    "redrive": "RedriveFunction",
}
"""Package -> logical id; the output with its name is the id and `Name`."""
CONSUMERS = ("IntakeFunction", "SlackAlertsFunction", "ActionsFunction")
PATH = "/services/T000/B000/secret"


@dataclass(frozen=True)
class ColdStack:
    """The stack; its event source mappings are paused."""

    aws: LocalAws
    stack: Stack
    builds: Mapping[str, Path]
    """Variant -> the folder of the built artifacts."""
    webhook: str
    mend_queue_url: str
    """A queue outside the stack, to which aws_actions sends."""

    def start(self, subject: str, variant: str = AS_BUILT) -> dict[str, float]:
        """Start a process; return its CPU seconds after each stage, and its number of modules."""
        event = self._event(subject) if subject in FUNCTIONS else self.webhook
        script = cold_process.__file__
        done = self.run(["-P", script, subject], self.environment(subject, variant), event)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run the Python of the runtime."""
        command = [str(RUNTIME / "bin/python"), *arguments]
        return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter

    def environment(self, subject: str, variant: str) -> dict[str, str]:
        """Return the deployed function's environment, with the artifacts on Python's path."""
        build = self.builds[variant]
        layer = build / "RetryLayer/python"
        found = local_environment({}, self.aws.endpoint) | {
            "PYTHONDONTWRITEBYTECODE": "1",
            "SSL_CERT_FILE": str(layer / "certifi/cacert.pem"),
        }
        if subject in FUNCTIONS:
            name = self.stack.outputs[f"{FUNCTIONS[subject]}Name"]
            deployed = self.aws.client("lambda").get_function_configuration(FunctionName=name)
            found |= deployed["Environment"]["Variables"] | self._credentials(deployed["Role"])
            found["PYTHONPATH"] = f"{build / FUNCTIONS[subject]}:{layer}"
        return found

    def _credentials(self, role_arn: str) -> dict[str, str]:
        """Return the credentials of the function's own role."""
        role = self.aws.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="bench")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
            "AWS_SESSION_TOKEN": role["SessionToken"],
        }

    def _event(self, subject: str) -> str:
        """Return a new event for a function."""
        outputs = self.stack.outputs
        match subject:
            case "redrive":
                return json.dumps({"queue": "dead_letters", "dry_run": True})
            case "aws_actions":
                parameters = {"QueueUrl": self.mend_queue_url, "MessageBody": "mend"}
                request = {"service": "sqs", "operation": "SendMessage", "parameters": parameters}
                return self._received(outputs["ActionsQueueUrl"], outputs["ActionsTopicArn"], json.dumps(request))
            case "intake":
                return self._received(outputs["AlertsQueueUrl"], self.stack.alerts_topic_arn, alarm_message())
            case _:
                lane = self.stack.default_destination
                return self._received(self.stack.lanes_queue_url, self.stack.alerts_topic_arn, alarm_message(), lane)

    def _received(self, url: str, topic: str, message: str, lane: str = "") -> str:
        """Send a message to a queue, receive it, and return the event with its record."""
        sqs: Any = self.aws.client("sqs")
        token = uuid4().hex
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = json.loads(sns_body(message, message_id=token)) | {"TopicArn": topic, "Timestamp": now}
        place = {"MessageGroupId": lane, "MessageDeduplicationId": token} if lane else {}
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body), **place)
        (received,) = sqs.receive_message(
            QueueUrl=url, VisibilityTimeout=600, AttributeNames=["All"], MessageAttributeNames=["All"]
        )["Messages"]
        names = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
        arn = sqs.get_queue_attributes(**names)["Attributes"]["QueueArn"]
        return json.dumps({"Records": [lambda_record(received, arn)]})


@contextmanager
def cold_stack() -> Iterator[ColdStack]:
    """Build and deploy the project, and make the variants of its artifacts."""
    (ROOT / ".local").mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-", dir=ROOT / ".local")))
        server = stack.enter_context(FaultServer("good"))
        aws = stack.enter_context(LocalAws(builds=folder / "sam"))
        deployed = aws.deploy("holdfast-bench", AllowedHosts="localhost")
        for function in CONSUMERS:
            stack.enter_context(aws.paused(deployed, f"{function}Name"))
        server.script(PATH)
        webhook = f"https://localhost:{server.port}{PATH}"
        aws.store_destination(deployed, webhook)
        builds = variants(aws.build(), folder, Path(server.ca_file))
        mend_queue_url = aws.client("sqs").create_queue(QueueName="mend")["QueueUrl"]
        yield ColdStack(aws, deployed, builds, webhook, mend_queue_url)
