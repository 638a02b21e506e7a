"""The local platform: the real template, built and deployed by sam, on an AWS on this machine."""

import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from demo import sample_calls as actions
from demo.clients import REGION, Clients, local_environment
from demo.ministack import QueuedMessage, ministack, peek
from demo.processes import running, tail
from holdfast_cli.failures import CommandFailed
from holdfast_cli.sam import ROOT, SAM, override
from holdfast_cli.stack import Stack, find_stack

STACK = "holdfast-local"  # as samconfig.toml has it for the local environment
ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
PARAMETERS = {
    "Pace": "quick",
    "Architecture": ARCHITECTURES.get(platform.machine(), "x86_64"),  # the layer carries compiled wheels
    "OpsEmail": "ops@example.com",
    **actions.PARAMETERS,
}

Say = Callable[[str], None]


class LocalAws:
    """`with LocalAws() as aws: stack = aws.deploy(); aws.client("sns").publish(TopicArn=stack.alerts_topic_arn, …)`."""

    def __init__(self, say: Say = lambda _: None) -> None:
        self._say = say
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:  # what runs is stopped again when the rest does not start
            (ROOT / ".local").mkdir(exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix="run-", dir=ROOT / ".local", ignore_cleanup_errors=True)
            self._folder = Path(started.enter_context(folder))
            self._say("MiniStack, the local AWS")
            self.endpoint = started.enter_context(ministack(self._folder))
            self.client = Clients(self.endpoint).client
            self._exit = started.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._exit.close()

    def build(self, source: Path = ROOT) -> Path:
        """`sam build` of a source tree into a folder of this run -> that folder; a second call finds it done."""
        folder = self._folder / "sam" / ("build" if source == ROOT else source.name)
        if not (folder / "template.yaml").exists():
            self._say("sam build")
            template = source / "template.yaml"
            self._sam(
                "build",
                *("--no-cached", "--template-file", template, "--build-dir", folder),
                *("--parameter-overrides", *_overrides(PARAMETERS)),
            )
        return folder

    def deploy(self, name: str = STACK, **parameters: str) -> Stack:
        """`sam deploy` of what `sam build` made, with the local configuration -> the stack; again updates it."""
        return self.deploy_built(self.build() / "template.yaml", name, **parameters)

    def deploy_built(self, template: Path, name: str = STACK, **parameters: str) -> Stack:
        """`sam deploy` of a built template, with the local configuration -> the stack; again updates it."""
        self._say("sam deploy")
        self._sam(
            "deploy",
            *("--template-file", template, "--stack-name", name, "--region", REGION),
            *("--parameter-overrides", *_overrides(PARAMETERS | parameters)),
        )
        return find_stack(self.client("cloudformation"), name)

    def store_destination(self, stack: Stack, secret: str, name: str = "") -> None:
        """Store a destination's secret where the stack reads it: the default destination's, unless told another."""
        self.client("ssm").put_parameter(
            Name=f"{stack.destinations_path}/{name or stack.default_destination}",
            Value=secret,
            Type="SecureString",
            Overwrite=True,
        )

    def store_routes(self, stack: Stack, document: str) -> None:
        """Store the routes document; the function reads it with its first alert and keeps it for minutes."""
        self.client("ssm").put_parameter(Name=stack.routes_parameter, Value=document, Type="String", Overwrite=True)

    @contextmanager
    def paused(self, stack: Stack, function: str = "SlackAlertsFunctionName") -> Iterator[None]:
        """The function takes nothing from its queue meanwhile, so that what comes in comes in one batch after it."""
        functions, name = self.client("lambda"), stack.outputs[function]
        (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    def peek(self, queue_url: str) -> list[QueuedMessage]:
        """Every message of a queue, hidden ones too, without receiving any."""
        return peek(self.endpoint, queue_url)

    def log(self) -> str:
        """What MiniStack and the functions printed."""
        return (self._folder / "ministack.log").read_text(errors="replace")

    def _sam(self, step: str, *arguments: str | Path) -> None:
        log = self._folder / f"sam-{step}.log"
        command = [SAM, step, "--config-file", ROOT / "samconfig.toml", "--config-env", "local", *arguments]
        environment = local_environment(os.environ, self.endpoint)
        # sam build takes the Python of the functions' runtime from the path.
        environment["PATH"] = f"{SAM.parent}:{environment.get('PATH', '/usr/bin:/bin')}"
        with log.open("wb") as output, running(command, env=environment, cwd=ROOT, output=output) as sam:
            if sam.wait():
                raise CommandFailed(
                    f"sam {step} did not succeed:\n{tail(log)}",
                    "mend what sam names above; where it is the package index, check the network and the proxy",
                )


def _overrides(parameters: dict[str, str]) -> list[str]:
    return [override(name, value) for name, value in parameters.items()]
