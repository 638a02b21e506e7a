"""The commands of docs/runbook.md by heading, each run in a shell with the definitions before it."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from demo.clients import local_environment
from holdfast_cli.sam import ROOT

PAGE = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
TOOLS = (ROOT / ".tools/awscli/bin", ROOT / ".tools/sam/bin", ROOT / ".venv/bin")
LOCAL_DEFINITIONS = (
    'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }',  # the CLI 1 ignores the variable for SQS
    "sleep() { command sleep 3; }",  # the page waits for the log of AWS, which comes later than the local one
    'eval "look_up_$(declare -f id)"',  # of 70 commands most need an id: the CLI starts in half a second
    'id() { test -s "$IDS/$1" || look_up_id "$1" > "$IDS/$1"; cat "$IDS/$1"; }',
)
PART = re.compile(r"^#+ (?P<heading>\w+)$|^```sh\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a block with its continuation lines."""

    heading: str
    text: str

    @property
    def is_definition(self) -> bool:
        """Return whether the command defines something for those after it."""
        return re.match(r"export |\w+\(\) \{", self.text) is not None

    def run(self, endpoint: str, stack: str, ids: Path) -> str:
        """Run the command and return its output; `ids` is a folder for physical ids that are known."""
        environment = local_environment(os.environ, endpoint) | {"IDS": str(ids)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # with bytecode the CLI starts three times as fast
        environment["PATH"] = ":".join([*map(str, TOOLS), environment.get("PATH", "/usr/bin:/bin")])
        definitions = [one.text for one in COMMANDS if one.is_definition]
        script = [*definitions, f"export STACK={stack}", *LOCAL_DEFINITIONS, self.text]
        done = subprocess.run(  # noqa: S603 - our own page
            ["/bin/bash", "-euo", "pipefail", "-c", "\n".join(script)],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{self.text}\n{done.stdout}{done.stderr}"
        return done.stdout


def read(page: str) -> list[Command]:
    """Return each command of each block, in the order of the page."""
    found, heading = [], ""
    for part in PART.finditer(page):
        heading = part["heading"] or heading
        lines = (part["block"] or "").replace("\\\n", "").replace("\n  ", " ").splitlines()
        found += [Command(heading, line) for line in lines]
    return found


COMMANDS = read(PAGE)
