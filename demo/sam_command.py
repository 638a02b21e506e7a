"""One command of sam on the local AWS, with its progress."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from demo.clients import local_environment
from demo.processes import running, tail
from holdfast_cli.failures import CommandFailed
from holdfast_cli.sam import ROOT, SAM

type Show = Callable[[str], None]

SHOWN_EVERY = 5.0
"""Seconds between two lines of progress."""
LINE_LIMIT = 90
STILL_RUNNING = "still running, without output"


def run_sam(  # noqa: PLR0913 - its surroundings are given by keyword
    step: str, *arguments: str | Path, endpoint: str, log: Path, show: Show, every: float = SHOWN_EVERY, sam: Path = SAM
) -> None:
    """Run `sam build` or `sam deploy`; show the last line of its output at intervals, and raise if it fails."""
    command = [sam, step, "--config-file", ROOT / "samconfig.toml", "--config-env", "local", *arguments]
    environment = local_environment(os.environ, endpoint)
    # sam build finds the Python of the functions' runtime on PATH.
    environment["PATH"] = f"{sam.parent}:{environment.get('PATH', '/usr/bin:/bin')}"
    with log.open("wb") as output, running(command, env=environment, cwd=ROOT, output=output) as process:
        while (code := _wait(process, every)) is None:
            said = [line.strip() for line in tail(log).splitlines() if any(map(str.isalnum, line))]
            show(f"sam {step}: {said[-1][:LINE_LIMIT] if said else STILL_RUNNING}")
        if code:
            raise CommandFailed(
                f"sam {step} did not succeed:\n{tail(log)}",
                "fix the error above; if it is about the package index, check the network and the proxy",
            )


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Return the exit code; None if the process runs longer."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
