"""`sam local` on what `sam build` made: the real CLI, the emulator it ships, Lambda's container, the layer mounted."""

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
"""This machine, as containers know it."""
NOWHERE = "http://127.0.0.1:9"
"""An AWS that refuses the connection."""


@dataclass(frozen=True)
class Answer:
    """What came of one invocation: the function's value, or what Lambda makes of its error."""

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
        """Functions that speak to the local AWS, where containers meet it."""
        return cls(aws.build(), lambda_image(seen_from_inside(aws.endpoint)), folder / "start-lambda.log")

    @classmethod
    def without_aws(cls, aws: LocalAws, folder: Path) -> Self:
        """Functions that reach no AWS, the real one least of all."""
        return cls(aws.build(), lambda_image(NOWHERE), folder / "start-lambda.log")

    def invoke(self, function: str, event: Path, **parameters: str) -> Answer:
        """`sam local invoke` with an event's file."""
        return answer(self.command("invoke", function, "--event", str(event), **parameters))

    @contextmanager
    def lambda_service(self, port: int) -> Iterator[str]:
        """`sam local start-lambda` while the block lasts -> its endpoint."""
        command = self.command("start-lambda", "--port", str(port))
        with self.log.open("wb") as output, running(command, env=_environment(), cwd=ROOT, output=output):
            yield f"http://127.0.0.1:{port}"

    def command(self, step: str, *arguments: str, **parameters: str) -> list[str]:
        """Its words: samconfig.toml has the hosts and the variables."""
        itself = {"Pace": "standard", "AllowedHosts": HOST, "SlackApiUrl": f"http://{HOST}/api"}
        chosen = PARAMETERS | itself | parameters
        return [
            *(str(SAM), "local", step, *arguments),
            *("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "local"),
            *("--template", str(self.build / "template.yaml")),
            *("--skip-pull-image", "--invoke-image", self.image, "--layer-cache-basedir", str(self.log.parent)),
            *("--parameter-overrides", *(f"{name}={value}" for name, value in chosen.items())),
        ]


def answer(command: list[str]) -> Answer:
    """Run a `sam local invoke` -> what came of it."""
    done = sam(command)
    return Answer(json.loads(done.stdout.splitlines()[-1]), done.stderr)


def sam(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command of sam to its end; raises CommandFailed."""
    done = subprocess.run(  # noqa: S603 - our own tools, no shell
        command, env=_environment(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise CommandFailed(f"{' '.join(command[:3])} did not succeed:\n{done.stderr}", "mend what sam names above")
    return done


def seen_from_inside(url: str) -> str:
    """Make a URL of this machine one for a container."""
    return url.replace("127.0.0.1", HOST)


@contextmanager
def met_from_inside(*urls: str) -> Iterator[None]:
    """Let containers meet these servers of 127.0.0.1 while the block lasts."""
    with ExitStack() as opened:
        for url in urls:
            opened.enter_context(relay(bridge_address(), urlsplit(url).port or 0))
        yield


def store_default(aws: LocalAws, secret: str) -> None:
    """Store the secret of the default destination: there is no stack that would say where."""
    name = "/holdfast/destinations/default"
    aws.client("ssm").put_parameter(Name=name, Value=secret, Type="SecureString", Overwrite=True)


def _environment() -> dict[str, str]:
    """sam and its Python first; no credentials of anybody's: they would go into the container."""
    path = f"{SAM.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    return local_environment(os.environ, NOWHERE) | {"PATH": path}
