"""The local platform: the template, built and deployed by sam, on the local AWS."""

import fcntl
import json
import platform
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from demo import sample_calls
from demo.clients import REGION, Clients
from demo.ministack import QueuedMessage, ministack, peek
from demo.sam_command import Show, run_sam
from holdfast_cli.artifacts import prepare
from holdfast_cli.sam import ROOT, override
from holdfast_cli.stack import Stack, find_stack

STACK = "holdfast-local"  # as samconfig.toml has it for the local environment
ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
PARAMETERS = {
    "Pace": "quick",
    "Architecture": ARCHITECTURES.get(platform.machine(), "x86_64"),  # the layer holds compiled wheels
    "OpsEmail": "ops@example.com",
    **sample_calls.PARAMETERS,
}


class LocalAws:
    """`with LocalAws() as aws: stack = aws.deploy(); aws.client("sns").publish(TopicArn=stack.alerts_topic_arn, …)`."""

    def __init__(self, show: Show = lambda _: None, builds: Path | None = None) -> None:
        self._show = show
        self._builds = builds
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:  # stops MiniStack if the rest fails
            (ROOT / ".local").mkdir(exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix="run-", dir=ROOT / ".local", ignore_cleanup_errors=True)
            self._folder = Path(started.enter_context(folder))
            self._show("MiniStack, the local AWS")
            self.endpoint = started.enter_context(ministack(self._folder))
            self.client = Clients(self.endpoint).client
            self._exit = started.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._exit.close()

    def build(self, source: Path = ROOT) -> Path:
        """Build a source tree with `sam build` unless it is built; return the folder, which processes may share."""
        builds = self._builds or self._folder / "sam"
        builds.mkdir(exist_ok=True)
        folder = builds / ("build" if source == ROOT else source.name)
        with folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "template.yaml").exists():
                self._sam(
                    "build",
                    *("--no-cached", "--template-file", source / "template.yaml", "--build-dir", folder),
                    *("--parameter-overrides", *_overrides(PARAMETERS)),
                )
                prepare(folder)
        return folder

    def deploy(self, name: str = STACK, **parameters: str) -> Stack:
        """Build the project and deploy it, or update the stack of that name."""
        return self.deploy_built(self.build() / "template.yaml", name, **parameters)

    def deploy_built(self, template: Path, name: str = STACK, **parameters: str) -> Stack:
        """Deploy a built template with the local configuration, or update the stack of that name."""
        self._sam(
            "deploy",
            *("--template-file", template, "--stack-name", name, "--region", REGION),
            *("--parameter-overrides", *_overrides(PARAMETERS | parameters)),
        )
        return find_stack(self.client("cloudformation"), name)

    def store_destination(self, stack: Stack, secret: str, name: str = "") -> None:
        """Store a destination's secret where the stack reads it; without a name, the default destination's."""
        self.client("ssm").put_parameter(
            Name=f"{stack.destinations_path}/{name or stack.default_destination}",
            Value=secret,
            Type="SecureString",
            Overwrite=True,
        )

    def store_routes(self, stack: Stack, document: str) -> None:
        """Store the routes document; intake reads it with its first alert and caches it for minutes."""
        self.client("ssm").put_parameter(Name=stack.routes_parameter, Value=document, Type="String", Overwrite=True)

    def draw_by(self, stack: Stack, url: str) -> None:
        """Let slack_alerts ask this server for graphs, which the local AWS does not draw."""
        functions, name = self.client("lambda"), stack.slack_alerts_function_name
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        changed = {**variables, "AWS_ENDPOINT_URL_CLOUDWATCH": url}
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": changed})

    def subscribe_queue(self, topic_arn: str, name: str) -> str:
        """Create a queue that receives a copy of each message of a topic; return its URL."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        self.client("sns").subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
        return url

    @contextmanager
    def paused(self, stack: Stack, function: str = "SlackAlertsFunctionName") -> Iterator[None]:
        """Stop the function's event source mapping during the block: later it receives all messages in one batch."""
        functions, name = self.client("lambda"), stack.outputs[function]
        (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    def peek(self, queue_url: str) -> list[QueuedMessage]:
        """Return every message of a queue, hidden ones too, without receiving any."""
        return peek(self.endpoint, queue_url)

    def log(self) -> str:
        """Return the output of MiniStack and of the functions."""
        return (self._folder / "ministack.log").read_text(errors="replace")

    def _sam(self, step: str, *arguments: str | Path) -> None:
        self._show(f"sam {step}")
        run_sam(step, *arguments, endpoint=self.endpoint, log=self._folder / f"sam-{step}.log", show=self._show)


def _overrides(parameters: dict[str, str]) -> list[str]:
    return [override(name, value) for name, value in parameters.items()]
