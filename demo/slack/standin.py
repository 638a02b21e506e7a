"""The Slack stand-in: webhooks and chat.postMessage on a loopback port, Slack's documented answers, and faults."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from demo.slack.answer import Answer
from demo.slack.api import as_api, read_api_edit, read_api_posting
from demo.slack.app import slack_app
from demo.slack.conversations import ChannelMessage, Conversations
from demo.slack.faults import Faults, Script
from demo.slack.files import Files
from demo.slack.journal import Journal
from demo.slack.limits import Posting, read_posting
from demo.slack.memory import Request
from demo.slack.rules import Rules
from demo.slack.server import serve
from demo.slack.switches import SECONDS
from demo.slack.workspace import Destination, Workspace

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.serving import BaseWSGIServer

Clock = Callable[[], float]
FOREVER = float("inf")


class SlackStandin:
    """A Slack on this machine: `with SlackStandin() as slack: post(slack.webhook_url("ops")); slack.messages()`."""

    def __init__(
        self, *, burst: int = 5, clock: Clock = time.monotonic, now: Clock = time.time, page: "Blueprint | None" = None
    ) -> None:
        self._page = page
        self._now = now
        self._faults = Faults(clock)
        self._workspace = Workspace()
        self._rules = Rules(burst, clock)
        self._journal = Journal()
        self._conversations = Conversations()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server: BaseWSGIServer | None = None
        self.files = Files(self._faults, self._workspace, self._conversations, now, self._lock, wait=self._stopped.wait)

    def __enter__(self) -> Self:
        self._server = serve(slack_app(self, self._page))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """The address of the webhooks and of the page."""
        if not self._server:
            raise RuntimeError("the stand-in is not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def api_url(self) -> str:
        """The Web API, as the parameter SlackApiUrl takes it."""
        return f"{self.url}/api"

    def webhook_url(self, name: str) -> str:
        """Return the URL of a webhook, created on first use; it is as secret as Slack's."""
        return self.url + self.webhook_path(name)

    def webhook_path(self, name: str) -> str:
        """Return the path of a webhook, created on first use."""
        with self._lock:
            return self._workspace.webhook_path(name)

    def rotate(self, name: str) -> str:
        """Return a new URL for a webhook; the old one answers 404 no_service."""
        with self._lock:
            return self.url + self._workspace.rotate(name)

    def revoke(self, name: str) -> None:
        """Let a webhook answer 404 no_service."""
        with self._lock:
            self._workspace.revoke(name)

    def bot_token(self) -> str:
        """Return the bot's token, created on first use."""
        with self._lock:
            return self._workspace.token()

    def revoke_bot(self) -> None:
        """Let the bot's token be answered token_revoked."""
        with self._lock:
            self._workspace.revoke_token()

    def channel_id(self, name: str) -> str:
        """Return the id of a channel with the bot in it; scripts and messages name it #name."""
        with self._lock:
            return self._workspace.channel_id(name)

    def script(
        self, answers: Sequence[Mapping[str, object]], *, webhook: str = "", match: str = "", repeat: bool = False
    ) -> None:
        """Give these answers, one each, to the next requests for a webhook whose body contains `match`."""
        script = Script([Answer.from_json(answer) for answer in answers], webhook, match, repeat)
        with self._lock:
            self._faults.add(script)

    def outage(self, seconds: float = FOREVER) -> None:
        """Answer 503 to everything for `seconds`; 0 ends the outage."""
        with self._lock:
            self._faults.outage(seconds)

    def slow(self, seconds: float) -> None:
        """Delay each answer by `seconds`."""
        with self._lock:
            self._faults.slow(seconds)

    def switch(self, fault: str, *, on: bool, channel: str = "", seconds: float = SECONDS) -> None:
        """Switch a fault on, until it is switched off, or off, for a channel or for all."""
        with self._lock:
            self._faults.switches.switch(fault, on=on, channel=channel, seconds=seconds)

    def faults(self) -> list[dict[str, str]]:
        """Return the switches that are on."""
        with self._lock:
            return self._faults.switches.on()

    def delete(self, channel: str, ts: str = "") -> None:
        """Delete a message of a channel by its ts, or all its messages."""
        with self._lock:
            self._conversations.delete(self._workspace.channel_id(channel), ts)

    def history(self, channel: str) -> list[ChannelMessage]:
        """Return the messages of a channel that are not deleted, oldest first."""
        with self._lock:
            return self._conversations.history(self._workspace.channel_id(channel))

    def reset(self) -> None:
        """Remove faults, rate limits and messages, but no webhook, token or channel; `since` still has the messages."""
        with self._lock:
            self._faults.clear()
            self._rules.reset()
        self._journal.reset()

    def messages(self, *, accepted: bool | None = None) -> list[Request]:
        """Return the requests since the last reset, oldest first: all, or the accepted or the refused ones."""
        shown = self._journal.since(self._journal.hidden)
        return [one for one in shown if accepted is None or one.is_accepted is accepted]

    def since(self, number: int) -> list[Request]:
        """Return the requests after the one of that number, whether or not a reset came between."""
        return self._journal.since(number)

    @property
    def hidden(self) -> int:
        """The number of the last request before the last reset."""
        return self._journal.hidden

    def answer(self, path: str, body: bytes) -> Answer:
        """Record a request to a webhook and return its answer, after the delay of a fault."""
        answer, _ = self._answer(self._workspace.webhook(path), body, read_posting(body))
        return answer

    def answer_api(self, authorization: str, body: bytes) -> tuple[Answer, ChannelMessage | None]:
        """Record a call of chat.postMessage; return its answer, after the delay of a fault, and the new message."""
        channel, posting = read_api_posting(body)
        return self._answer(self._workspace.channel(authorization, channel), body, posting, channel)

    def answer_update(self, authorization: str, body: bytes) -> tuple[Answer, ChannelMessage | None]:
        """Edit a message as chat.update does; return the answer and the message. An edit is no message of its own."""
        channel, ts, posting = read_api_edit(body)
        destination = self._workspace.channel(authorization, channel)
        with self._lock:
            scripted = self._faults.next_answer(destination.name, body.decode(errors="replace"))
            message = self._conversations.find(channel or "", ts)
            is_free = scripted.is_default
            answer = as_api(self._rules.judge_edit(destination, posting, message) if is_free else scripted)
            if message is not None and answer.is_default:
                message.edits.append(posting)
        self._stopped.wait(scripted.slow)
        return answer, message if answer.is_default else None

    def _answer(
        self, destination: Destination, body: bytes, posting: Posting, channel: str | None = None
    ) -> tuple[Answer, ChannelMessage | None]:
        """Answer a request to a webhook, or with a channel to the Web API."""
        readable = body.decode(errors="replace")
        with self._lock:
            scripted = self._faults.next_answer(destination.name, readable)
            answer = self._rules.judge(destination, posting) if scripted.is_default else scripted
            answer = replace(answer, slow=scripted.slow)
            answer = as_api(answer) if destination.is_channel else answer
            is_posted = channel is not None and answer.is_default
            message = self._conversations.post(channel or "", posting, self._now()) if is_posted else None
        self._journal.add(
            lambda number: Request.of(number, self._now(), destination.name, readable, posting, answer, message)
        )
        self._stopped.wait(answer.slow)
        return answer, message
