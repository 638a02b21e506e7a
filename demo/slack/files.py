"""The files of the Slack stand-in: the three calls of an upload, with Slack's rules and the faults of a script.

A script names a call like a webhook: `files.getUploadURLExternal`, `upload` or `files.completeUploadExternal`.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from demo.slack.answer import Answer
from demo.slack.api import as_api
from demo.slack.conversations import ChannelMessage, Conversations
from demo.slack.faults import Faults
from demo.slack.limits import Posting
from demo.slack.uploads import Upload, Uploads
from demo.slack.workspace import Workspace

RESERVE, SEND, COMPLETE = "files.getUploadURLExternal", "upload", "files.completeUploadExternal"


@dataclass
class Files:
    """Files in the channels of one stand-in."""

    faults: Faults
    workspace: Workspace
    conversations: Conversations
    now: Callable[[], float]
    lock: threading.Lock
    wait: Callable[[float], object]
    """Wait for the seconds of a fault."""
    may_write: bool = True
    """Whether the bot has the scope files:write."""
    absent: set[str] = field(default_factory=set)
    """Names of channels without the bot, in which it may post with chat:write.public."""
    calls: list[str] = field(default_factory=list)
    """The calls so far, by name."""
    _uploads: Uploads = field(default_factory=Uploads)

    def answer_reserve(self, authorization: str, form: Mapping[str, str]) -> tuple[Answer, Upload | None]:
        """Return the answer and the new upload."""
        return self._answer(RESERVE, authorization, lambda: self._uploads.reserve(form))

    def answer_upload(self, ticket: str, data: bytes) -> Answer:
        """Take the bytes of a file."""
        with self.lock:
            scripted = self._scripted(SEND)
            is_taken = scripted.is_default and self._uploads.take(ticket, data)
        self.wait(scripted.slow)
        if not scripted.is_default:
            return scripted
        return Answer(200, f"OK - {len(data)}") if is_taken else Answer(404, "")

    def answer_complete(self, authorization: str, form: Mapping[str, str]) -> tuple[Answer, Upload | None]:
        """Show the file in its thread, or in its channel."""
        return self._answer(COMPLETE, authorization, lambda: self._show(form))

    def shown(self, channel: str) -> list[ChannelMessage]:
        """Return the messages of a channel that have a file."""
        with self.lock:
            return [one for one in self.conversations.history(self.workspace.channel_id(channel)) if one.file]

    def _answer(self, name: str, authorization: str, rule: Callable[[], Upload | str]) -> tuple[Answer, Upload | None]:
        with self.lock:
            scripted = self._scripted(name)
            found: Upload | str = scripted.body
            if scripted.is_default:
                found = (
                    self.workspace.token_error(authorization) or ("" if self.may_write else "missing_scope") or rule()
                )
        self.wait(scripted.slow)
        if isinstance(found, Upload):
            return Answer(), found
        return as_api(Answer(400, found) if scripted.is_default else scripted), None

    def _scripted(self, name: str) -> Answer:
        self.calls.append(name)
        return self.faults.next_answer(name, "")

    def _show(self, form: Mapping[str, str]) -> Upload | str:
        channel = form.get("channel_id", "")
        name = self.workspace.channel_name(channel)
        if not name:
            return "channel_not_found"
        if name in self.absent:
            return "not_in_channel"
        upload = self._uploads.complete(form)
        if isinstance(upload, Upload):
            posting = Posting(thread_ts=form.get("thread_ts", ""))
            self.conversations.post(channel, posting, self.now()).file = upload
        return upload
