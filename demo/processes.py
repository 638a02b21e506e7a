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


def kill_client_of(url: str, *, started_by: str) -> bool:
    """Kill a process that is connected to a server and was started by another server; return whether there was one.

    A browser that shows the page is connected too, and is not killed.
    """
    for parent in psutil.Process().children(recursive=True):
        if _has_connection(parent, psutil.CONN_LISTEN, "laddr", started_by):
            for process in parent.children(recursive=True):
                if _has_connection(process, psutil.CONN_ESTABLISHED, "raddr", url):
                    process.kill()
                    return True
    return False


def _has_connection(process: psutil.Process, status: str, side: str, url: str) -> bool:
    """Return whether a process has a connection whose local or remote port is the server's."""
    port = urlsplit(url).port
    with contextlib.suppress(psutil.Error):  # it ended by itself meanwhile
        found = (getattr(one, side) for one in process.net_connections("tcp") if one.status == status)
        return any(address and address.port == port for address in found)
    return False


def tail(path: Path, lines: int = 25) -> str:
    """Return the last lines of a log."""
    return "\n".join(path.read_text(errors="replace").rstrip().splitlines()[-lines:])
