"""Slack's incoming webhooks on a free loopback port: answers as Slack documents, and fails when told."""

import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from local.slack_app import slack_app
from local.slack_faults import Answer, Faults, Script
from local.slack_limits import Posting, read_posting
from local.slack_memory import RESET, Request
from local.slack_rate import TokenBucket

Clock = Callable[[], float]
FOREVER = float("inf")


class SlackStandin:
    """A Slack of our own: `with SlackStandin() as slack: post(slack.webhook_url("ops")); slack.messages()`."""

    def __init__(self, *, burst: int = 5, clock: Clock = time.monotonic, now: Clock = time.time) -> None:
        self._burst, self._clock, self._now = burst, clock, now
        self._faults = Faults(clock)
        self._webhooks: dict[str, str] = {}  # path -> name
        self._buckets: dict[str, TokenBucket] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server: BaseWSGIServer | None = None

    def __enter__(self) -> Self:
        self._server = make_server("127.0.0.1", 0, slack_app(self), threaded=True, request_handler=_QuietHandler)
        serve = partial(self._server.serve_forever, poll_interval=0.02)  # how soon it notices that it shall stop
        threading.Thread(target=serve, name="slack-standin", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """The page that shows what arrived."""
        if not self._server:
            raise RuntimeError("the stand-in is not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    def webhook_url(self, name: str) -> str:
        """Make the webhook of that name, or find it: its URL is as secret as Slack's."""
        with self._lock:
            for path, known in self._webhooks.items():
                if known == name:
                    return self.url + path
            path = f"/services/T0STANDIN/B{secrets.token_hex(4).upper()}/{secrets.token_urlsafe(18)}"
            self._webhooks[path] = name
            return self.url + path

    def script(
        self, answers: Sequence[Mapping[str, object]], *, webhook: str = "", match: str = "", repeat: bool = False
    ) -> None:
        """Answer like that, one each, to the next requests for that webhook whose body contains `match`."""
        script = Script([Answer.told(answer) for answer in answers], webhook, match, repeat)
        with self._lock:
            self._faults.add(script)

    def outage(self, seconds: float = FOREVER) -> None:
        """Answer 503 to everything for that long; 0 ends it."""
        with self._lock:
            self._faults.outage(seconds)

    def slow(self, seconds: float) -> None:
        """Take that long over each answer; 0 ends it."""
        with self._lock:
            self._faults.slow(seconds)

    def reset(self) -> None:
        """Forget faults, rate limits and messages; webhooks stay."""
        with self._lock:
            self._faults.clear()
            self._buckets.clear()
            self._requests.clear()

    def messages(self, *, accepted: bool | None = None) -> list[Request]:
        """Every request so far, oldest first; `accepted=True` leaves those that people would see."""
        with self._lock:
            return [one for one in self._requests if accepted is None or one.is_accepted is accepted]

    def answer(self, path: str, body: bytes) -> Answer:
        """Judge one request, remember it, and say what Slack answers; take as long as told."""
        readable = body.decode(errors="replace")
        posting = read_posting(body)
        with self._lock:
            webhook = self._webhooks.get(path, "")
            answer = self._faults.next_answer(webhook, readable)
            if answer.is_natural:
                answer = self._natural_answer(webhook, posting, answer.slow)
            self._remember(webhook, readable, posting, answer)
        self._stopped.wait(answer.slow)
        return answer

    def _natural_answer(self, webhook: str, posting: Posting, slow: float) -> Answer:
        if not webhook:
            return Answer(404, "no_service", slow=slow)
        bucket = self._buckets.setdefault(webhook, TokenBucket(self._burst, self._clock()))
        if wait := bucket.take(self._clock()):
            return Answer(429, "rate_limited", retry_after=wait, slow=slow)
        return Answer(400, posting.refused, slow=slow) if posting.refused else Answer(slow=slow)

    def _remember(self, webhook: str, body: str, posting: Posting, answer: Answer) -> None:
        status, said = (RESET, "connection reset") if answer.reset else (answer.status, answer.body)
        self._requests.append(
            Request(
                number=len(self._requests) + 1,
                time=self._now(),
                webhook=webhook or "unknown",
                status=status,
                answer=said,
                retry_after=answer.retry_after,
                text=posting.text,
                blocks=posting.blocks,
                attachments=posting.attachments,
                body=body,
            )
        )


class _QuietHandler(WSGIRequestHandler):
    """Logs no request, for its path is the secret, and ends a dropped connection with a TCP reset."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:  # noqa: ARG002 - werkzeug's
        """Close the socket as one that lingers for 0 s: that sends the reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
