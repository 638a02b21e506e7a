"""`sam local` on a build of the project: the CLI, its emulator, Lambda's container, the layer."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from demo.clients import local_environment
from demo.platform import PARAMETERS, LocalAws
from demo.processes import running
from holdfast_cli.failures import CommandFailed
from holdfast_cli.sam import ROOT, SAM
from tests.support.local_aws.docker_engine import bridge_address, lambda_image
from tests.support.local_aws.relay import relay

HOST = "host.docker.internal"
"""The name of this machine for containers."""
DESTINATIONS = "/holdfast/destinations"
"""The path of the destinations' secrets."""
NOWHERE = "http://127.0.0.1:9"
"""An AWS that refuses the connection."""


@dataclass(frozen=True)
class Answer:
    """The answer of an invocation, which may be Lambda's description of an error, and its log."""

    value: Any
    log: str


@dataclass(frozen=True)
class SamLocal:
    """The functions of one build, in containers of one image."""

    build: Path
    image: str
    log: Path

    @classmethod
    def beside(cls, aws: LocalAws, folder: Path) -> Self:
        return cls(aws.build(), lambda_image(container_url(aws.endpoint)), folder / "start-lambda.log")

    @classmethod
    def without_aws(cls, aws: LocalAws, folder: Path) -> Self:
        """Return functions that reach no AWS."""
        return cls(aws.build(), lambda_image(NOWHERE), folder / "start-lambda.log")

    def invoke(self, function: str, event: Path, **parameters: str) -> Answer:
        """Run `sam local invoke` with the file of an event."""
        return answer(self.command("invoke", function, "--event", str(event), **parameters))

    @contextmanager
    def lambda_service(self, port: str) -> Iterator[str]:
        """Run `sam local start-lambda` during the block; yield its endpoint."""
        command = self.command("start-lambda", "--port", port)
        with self.log.open("wb") as output, running(command, env=_environment(), cwd=ROOT, output=output):
            yield f"http://127.0.0.1:{port}"

    def command(self, step: str, *arguments: str, **parameters: str) -> list[str]:
        """Return a command of `sam local`; samconfig.toml has the hosts and the variables."""
        api = f"http://{HOST}/api"
        container = {"Pace": "standard", "AllowedHosts": HOST, "SlackApiUrl": api, "DestinationsPath": DESTINATIONS}
        chosen = PARAMETERS | container | parameters
        return [
            *(str(SAM), "local", step, *arguments),
            *("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "local"),
            *("--template", str(self.build / "template.yaml")),
            *("--skip-pull-image", "--invoke-image", self.image, "--layer-cache-basedir", str(self.log.parent)),
            *("--parameter-overrides", *(f"{name}={value}" for name, value in chosen.items())),
        ]


def answer(command: list[str]) -> Answer:
    """Run `sam local invoke`; return its answer."""
    done = sam(command)
    return Answer(json.loads(done.stdout.splitlines()[-1]), done.stderr)


def sam(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command of sam; raise CommandFailed if it fails."""
    done = subprocess.run(  # noqa: S603 - our own tools, no shell
        command, env=_environment(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise CommandFailed(f"{' '.join(command[:3])} did not succeed:\n{done.stderr}", "fix the error above")
    return done


def container_url(url: str) -> str:
    """Return a URL of this machine as a container reaches it."""
    return url.replace("127.0.0.1", HOST)


@contextmanager
def reachable_from_containers(*urls: str) -> Iterator[None]:
    """Let containers reach these servers of 127.0.0.1 during the block."""
    with ExitStack() as opened:
        for url in urls:
            opened.enter_context(relay(bridge_address(), urlsplit(url).port or 0))
        yield


def store_default(aws: LocalAws, secret: str) -> None:
    """Store the secret of the default destination under the path that containers get."""
    aws.client("ssm").put_parameter(Name=f"{DESTINATIONS}/default", Value=secret, Type="SecureString", Overwrite=True)


def _environment() -> dict[str, str]:
    """Return an environment with sam and its Python first, without credentials."""
    path = f"{SAM.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    return local_environment(os.environ, NOWHERE) | {"PATH": path}
