"""Child processes, each in a process group of its own that ends with the block."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psutil

from holdfast_cli.failures import CommandFailed

GRACE = 5.0  # seconds between SIGTERM and SIGKILL


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path, output: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a process group of its own, and end the group after the block."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own tools, no shell
            [*map(str, command)],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandFailed(f"{command[0]} cannot be run: {error.strerror}", "run: make setup") from error
    try:
        yield process
    finally:
        end_group(process)


def end_group(process: subprocess.Popen[bytes], grace: float = GRACE) -> None:
    """Send SIGTERM to the process, then SIGKILL to the rest of its group."""
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_client_of(url: str) -> bool:
    """Kill a child process that is connected to a server; return whether there was one."""
    port = urlsplit(url).port
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it ended by itself meanwhile
            if any(
                one.status == psutil.CONN_ESTABLISHED and one.raddr.port == port
                for one in process.net_connections("tcp")
            ):
                process.kill()
                return True
    return False


def tail(path: Path, lines: int = 25) -> str:
    """Return the last lines of a log."""
    return "\n".join(path.read_text(errors="replace").rstrip().splitlines()[-lines:])
