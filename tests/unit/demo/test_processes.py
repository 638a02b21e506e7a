import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from demo.processes import end_group, kill_client_of, running, tail
from holdfast_cli.failures import CommandFailed

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


CONNECTED = "import socket, sys, time; one = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"
WITH_CLIENT = """
import socket, subprocess, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
child = subprocess.Popen([sys.executable, "-c", sys.argv[2], sys.argv[3]])
print(child.wait(), flush=True)
"""
"""A server of its own, with a child that is connected to another one."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_only_a_client_that_the_other_server_has_started_is_killed(tmp_path: Path) -> None:
    log, own = tmp_path / "log", free_port()
    with log.open("wb") as output, socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        url, starter = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{own}"
        browser, functions = (
            [sys.executable, "-c", WITH_CLIENT, str(one), CONNECTED, str(port)] for one in (free_port(), own)
        )
        with running(browser, env={}, cwd=tmp_path, output=output) as other, server.accept()[0]:
            assert not kill_client_of(url, started_by=starter)
            with running(functions, env={}, cwd=tmp_path, output=output) as parent, server.accept()[0]:
                assert not kill_client_of("http://127.0.0.1:1", started_by=starter)
                assert kill_client_of(url, started_by=starter)
                assert parent.wait(10) == 0
            assert other.poll() is None
    assert log.read_text().strip() == str(-signal.SIGKILL)


def test_a_process_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as output, os.fdopen(reader, "rb") as lines:
        with running([sys.executable, "-c", STUBBORN], env={}, cwd=tmp_path, output=output) as process:
            assert lines.readline() == b"up\n"
            end_group(process, grace=0.05)
        assert process.returncode == -signal.SIGKILL


def test_a_process_may_end_before_its_block(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        with running([sys.executable, "-c", "print('done')"], env={}, cwd=tmp_path, output=output) as process:
            assert process.wait() == 0
        assert process.returncode == 0
    assert tail(log) == "done"


def test_a_missing_tool_is_reported_with_advice(tmp_path: Path) -> None:
    with (
        (tmp_path / "log").open("wb") as output,
        pytest.raises(CommandFailed, match="absent") as failed,
        running([tmp_path / "absent"], env={}, cwd=tmp_path, output=output),
    ):
        pass
    assert failed.value.advice == "run: make setup"
