"""Slack and AWS on this machine, in a process of their own: their CPU is not that of the function.

`python -m benchmarks.local_servers` prints where they are as JSON, and exits at the end of its standard input.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen

from tests.support.fault_server.server import FaultServer
from tests.support.fault_server.wire import End, Exchange

WEBHOOK = "/services/T0/B0/x"
HEADERS = [("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-RequestId", "11111111-2222-3333-4444-555555555555")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalServers:
    webhook: str
    """Over TLS."""
    aws: str
    authority: str
    """The certificate authority to trust."""


@contextmanager
def local_servers() -> Iterator[LocalServers]:
    command = [sys.executable, "-m", "benchmarks.local_servers"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:  # noqa: S603 - this module
        assert process.stdout is not None, "it is a pipe"  # noqa: S101 - for the type
        yield LocalServers(**json.loads(process.stdout.readline()))
        process.communicate()


def serve() -> None:
    with FaultServer("good") as slack, FaultServer() as aws:
        webhook = slack.url(WEBHOOK, host="localhost")
        slack.script(WEBHOOK)
        aws.script("/", then=partial(answer_as_aws, webhook))
        servers = LocalServers(webhook=webhook, aws=aws.url(""), authority=Path(slack.ca_file).read_text())
        sys.stdout.write(f"{json.dumps(asdict(servers))}\n")
        sys.stdout.flush()
        sys.stdin.read()


def answer_as_aws(webhook: str, exchange: Exchange) -> End:
    """Answer that the secret is this webhook, that there are no rows, and that each write is done."""
    operation = exchange.request.headers["X-Amz-Target"].rpartition(".")[2]
    answer: dict[str, object] = {}
    if operation == "GetParameter":
        answer = {"Parameter": {"Value": webhook, "Version": 1}}
    elif operation == "DeleteMessageBatch":
        answer = {"Successful": [{"Id": entry["Id"]} for entry in exchange.request.message["Entries"]]}
    exchange.answer(200, json.dumps(answer).encode(), HEADERS)
    return End.KEEP


if __name__ == "__main__":
    serve()
