"""MiniStack, the local AWS: start it on a free loopback port, read its queues, stop it."""

import contextlib
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from demo.clients import REGION
from demo.processes import running, tail
from holdfast_cli.failures import CommandFailed
from holdfast_cli.sam import ROOT

MINISTACK = ROOT / ".tools/ministack/bin/ministack"
STARTS_WITHIN = 60.0
_WAIT = 10.0  # seconds for an answer of MiniStack's own endpoints


@dataclass(frozen=True)
class QueuedMessage:
    """A message of a queue, read without receiving it."""

    id: str
    body: str
    receives: int
    is_visible: bool
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Text attributes by name."""
    lane: str = ""
    """The message group of a FIFO queue."""


@contextlib.contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """Run MiniStack with its files in `folder` during the block; yield its endpoint."""
    port = _free_port()
    endpoint = f"http://127.0.0.1:{port}"
    log = folder / "ministack.log"
    with (
        log.open("wb") as output,
        running([MINISTACK], env=_environment(folder, port), cwd=folder, output=output) as it,
    ):
        ends = time.monotonic() + STARTS_WITHIN
        while not _is_healthy(endpoint):
            if it.poll() is not None or time.monotonic() > ends:
                raise CommandFailed(
                    f"the local AWS did not start on 127.0.0.1:{port}:\n{tail(log)}",
                    "if it says that the address is in use, start again: each run takes another free port; "
                    "if a module is missing: rm .tools/ministack.done; make setup",
                )
            time.sleep(0.1)
        try:
            yield endpoint
        finally:
            _reset(endpoint)


def peek(endpoint: str, queue_url: str) -> list[QueuedMessage]:
    """Return every message of a queue, hidden ones too, without receiving any."""
    found = _json(f"{endpoint}/_ministack/sqs/messages", {"QueueUrl": queue_url})
    queues = (
        queue for account in found["messages"].values() for region in account.values() for queue in region.values()
    )
    return [
        QueuedMessage(
            id=one["MessageId"],
            body=one["Body"],
            receives=one["ReceiveCount"],
            is_visible=one["IsVisible"],
            attributes=_texts(one),
            lane=one["MessageGroupId"] or "",
        )
        for queue in queues
        for one in queue
    ]


def _texts(message: Mapping[str, Any]) -> dict[str, str]:
    attributes: Mapping[str, Mapping[str, str]] = message["MessageAttributes"]
    return {name: one["StringValue"] for name, one in attributes.items() if "StringValue" in one}


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Return the environment, which functions inherit, without any variable of the caller."""
    return {
        "PATH": f"{MINISTACK.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AUTH": "true",  # IAM is enforced
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_healthy(endpoint: str) -> bool:
    try:
        return bool(_json(f"{endpoint}/_ministack/health", {}))
    except requests.RequestException:
        return False


def _reset(endpoint: str) -> None:
    """End the functions: a function during a call would survive a SIGTERM."""
    with contextlib.suppress(requests.RequestException), _session() as session:
        session.post(f"{endpoint}/_ministack/reset", timeout=_WAIT)


def _json(url: str, query: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
    with _session() as session:
        response = session.get(url, params=query, timeout=_WAIT)
        response.raise_for_status()
        return response.json()


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy
    return session
