"""Slack on a free loopback port, webhooks and chat.postMessage: answers as Slack documents, and fails when told."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from demo.slack.access import Access, Door
from demo.slack.api import as_api, read_api_posting
from demo.slack.app import slack_app
from demo.slack.faults import Answer, Faults, Script
from demo.slack.limits import Posting, read_posting
from demo.slack.memory import Request
from demo.slack.rate import TokenBucket
from demo.slack.server import serve

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

Clock = Callable[[], float]
FOREVER = float("inf")


class SlackStandin:
    """A Slack of our own: `with SlackStandin() as slack: post(slack.webhook_url("ops")); slack.messages()`."""

    def __init__(self, *, burst: int = 5, clock: Clock = time.monotonic, now: Clock = time.time) -> None:
        self._burst, self._clock, self._now = burst, clock, now
        self._faults = Faults(clock)
        self._access = Access()
        self._buckets: dict[str, TokenBucket] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server: BaseWSGIServer | None = None

    def __enter__(self) -> Self:
        self._server = serve(slack_app(self))
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

    @property
    def api_url(self) -> str:
        """The Web API, as the parameter SlackApiUrl takes it."""
        return f"{self.url}/api"

    def webhook_url(self, name: str) -> str:
        """Make the webhook of that name, or find it: its URL is as secret as Slack's."""
        with self._lock:
            return self.url + self._access.webhook_path(name)

    def rotate(self, name: str) -> str:
        """Make a new URL for the webhook of that name; the old one answers 404 no_service."""
        with self._lock:
            return self.url + self._access.rotate(name)

    def revoke(self, name: str) -> None:
        """Shut the webhook of that name: it answers 404 no_service."""
        with self._lock:
            self._access.revoke(name)

    def bot_token(self) -> str:
        """Make the bot's token, or find it."""
        with self._lock:
            return self._access.token()

    def revoke_bot(self) -> None:
        """Shut the bot out: its token answers token_revoked."""
        with self._lock:
            self._access.revoke_token()

    def channel_id(self, name: str) -> str:
        """Make the channel of that name, or find it; the bot is in it. Scripts and messages name it #name."""
        with self._lock:
            return self._access.channel_id(name)

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
        """Forget faults, rate limits and messages; webhooks, token and channels stay."""
        with self._lock:
            self._faults.clear()
            self._buckets.clear()
            self._requests.clear()

    def messages(self, *, accepted: bool | None = None) -> list[Request]:
        """Every request so far, oldest first; `accepted=True` leaves those that people would see."""
        with self._lock:
            return [one for one in self._requests if accepted is None or one.is_accepted is accepted]

    def answer(self, path: str, body: bytes) -> Answer:
        """Judge one request to a webhook, remember it, and say what Slack answers; take as long as told."""
        return self._answer(self._access.by_webhook(path), body, read_posting(body), lambda answer: answer)

    def answer_api(self, authorization: str, body: bytes) -> Answer:
        """The same for one call of chat.postMessage."""
        channel, posting = read_api_posting(body)
        return self._answer(self._access.by_token(authorization, channel), body, posting, as_api)

    def _answer(self, door: Door, body: bytes, posting: Posting, shaped: Callable[[Answer], Answer]) -> Answer:
        readable = body.decode(errors="replace")
        with self._lock:
            told = self._faults.next_answer(door.name, readable)
            answer = shaped(self._natural_answer(door, posting, told.slow) if told.is_natural else told)
            number = len(self._requests) + 1
            self._requests.append(Request.of(number, self._now(), door.name, readable, posting, answer))
        self._stopped.wait(answer.slow)
        return answer

    def _natural_answer(self, door: Door, posting: Posting, slow: float) -> Answer:
        if door.refusal:
            return Answer(404, door.refusal, slow=slow)
        bucket = self._buckets.setdefault(door.name, TokenBucket(self._burst, self._clock()))
        if wait := bucket.take(self._clock()):
            return Answer(429, "rate_limited", retry_after=wait, slow=slow)
        return Answer(400, posting.refused, slow=slow) if posting.refused else Answer(slow=slow)
