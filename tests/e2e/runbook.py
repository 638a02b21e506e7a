"""docs/runbook.md as a human works through it: the shell's definitions, and the commands below each heading."""

import os
import re
import subprocess
from dataclasses import dataclass

from demo.clients import local_environment
from holdfast_cli.sam import ROOT

PAGE = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
TOOLS = (ROOT / ".tools/awscli/bin", ROOT / ".tools/sam/bin", ROOT / ".venv/bin")
HERE = (
    'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }',  # of SQS the CLI 1 forgets the environment's
    "sleep() { command sleep 3; }",  # the page waits for AWS's log; the local one is there sooner
)
PART = re.compile(r"^#+ (?P<heading>\w+)$|^```sh\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)
"""A heading, or a block of commands."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line of a block, with what it is continued by: what ends in a backslash, and what is indented."""

    heading: str
    text: str

    @property
    def is_definition(self) -> bool:
        """Whether it is there for the commands after it."""
        return re.match(r"export |\w+\(\) \{", self.text) is not None

    def run(self, endpoint: str, stack: str) -> str:
        """All that it prints, if it succeeds."""
        told = local_environment(os.environ, endpoint)
        told.pop("PYTHONDONTWRITEBYTECODE", None)  # the CLI starts three times as fast with it
        told["PATH"] = ":".join([*map(str, TOOLS), told.get("PATH", "/usr/bin:/bin")])
        script = [*(one.text for one in COMMANDS if one.is_definition), f"export STACK={stack}", *HERE, self.text]
        done = subprocess.run(  # noqa: S603 - our own page
            ["/bin/bash", "-euo", "pipefail", "-c", "\n".join(script)],
            env=told,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{self.text}\n{done.stdout}{done.stderr}"
        return done.stdout


def read(page: str) -> list[Command]:
    """Each command of each block, in the order of the page."""
    found, heading = [], ""
    for part in PART.finditer(page):
        heading = part["heading"] or heading
        lines = (part["block"] or "").replace("\\\n", "").replace("\n  ", " ").splitlines()
        found += [Command(heading, line) for line in lines]
    return found


COMMANDS = read(PAGE)
