"""A web server in a process of its own that answers `ok` after a delay: its CPU is not that of the sender.

`python -m benchmarks.loopback_server SECONDS [CA_FILE]` prints its port. With a file it serves TLS, and writes the
authority to trust into it. It ends when its input ends.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen

from tests.support.fault_server.certificates import authority, server_context

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
LENGTH = b"content-length:"


async def serve(delay: float, ca_file: str) -> None:
    context = None
    if ca_file:
        context = server_context("good")
        authority().cert_pem.write_to_path(ca_file)
    server = await asyncio.start_server(partial(answer, delay), "127.0.0.1", 0, ssl=context)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def answer(delay: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client has closed it
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(LENGTH))
            await reader.readexactly(int(length.removeprefix(LENGTH)))
            await asyncio.sleep(delay)
            writer.write(ANSWER)
            await writer.drain()
    writer.close()


@contextmanager
def loopback_server(delay: float = 0.0, ca_file: Path | None = None) -> Iterator[str]:
    """Run the server during the block; yield the URL of a webhook."""
    command = [sys.executable, "-m", "benchmarks.loopback_server", str(delay), str(ca_file or "")]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:  # noqa: S603 - this module
        assert process.stdout is not None, "it is a pipe"  # noqa: S101 - for the type
        port = process.stdout.readline().strip()
        yield f"{'https' if ca_file else 'http'}://localhost:{port}/services/T000/B000/secret"
        process.communicate()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), sys.argv[2]))
