"""The messages in the channels of the Slack stand-in's bot: roots, and replies in their threads."""

from dataclasses import dataclass, field

from demo.slack.limits import Posting
from demo.slack.uploads import Upload

MICROSECOND = 1e-6


@dataclass
class ChannelMessage:
    """A message of a channel."""

    channel: str
    ts: str
    posting: Posting
    thread_ts: str = ""
    """The first message of its thread; "" for a message of its own."""
    is_broadcast: bool = False
    """Whether the channel shows the reply too."""
    is_deleted: bool = False
    file: Upload | None = None
    edits: list[Posting] = field(default_factory=list)
    """The contents that replaced the first one, the newest last."""

    @property
    def shown(self) -> Posting:
        """The message as the channel shows it."""
        return self.edits[-1] if self.edits else self.posting

    def as_json(self) -> dict[str, object]:
        """Return the message as Slack's answers have it."""
        posting = self.shown
        message = {"type": "message", "bot_id": "B0STANDIN", "text": posting.text, "ts": self.ts}
        reply = {"thread_ts": self.thread_ts} if self.thread_ts else {}
        subtype = {"subtype": "thread_broadcast"} if self.is_broadcast else {}
        return {**message, "blocks": [*posting.blocks], "attachments": [*posting.attachments], **reply, **subtype}


class Conversations:
    """All channels. A reply to a deleted or unknown message is posted as a message of its own, as Slack does."""

    def __init__(self) -> None:
        self._messages: list[ChannelMessage] = []
        self._last = 0.0

    def post(self, channel: str, posting: Posting, now: float) -> ChannelMessage:
        """Add a message with a ts of its own."""
        parent = self.find(channel, posting.thread_ts)
        thread_ts = (parent.thread_ts or parent.ts) if parent is not None else ""
        self._last = max(now, self._last + MICROSECOND)
        ts, is_broadcast = f"{self._last:.6f}", bool(thread_ts) and posting.is_broadcast
        message = ChannelMessage(channel, ts, posting, thread_ts, is_broadcast)
        self._messages.append(message)
        return message

    def find(self, channel: str, ts: str) -> ChannelMessage | None:
        """Return the message; None if there is none or it is deleted."""
        found = (one for one in self._messages if (one.channel, one.ts) == (channel, ts) and not one.is_deleted)
        return next(found, None)

    def delete(self, channel: str, ts: str) -> None:
        """Delete a message, or all of the channel with ""."""
        for one in self._messages:
            one.is_deleted |= one.channel == channel and ts in {"", one.ts}

    def history(self, channel: str) -> list[ChannelMessage]:
        """Return the messages of a channel that are not deleted, oldest first."""
        return [one for one in self._messages if one.channel == channel and not one.is_deleted]
