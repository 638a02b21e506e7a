"""The messages in the channels of a bot in virtual time."""

from dataclasses import dataclass, field

from slack_alerts.models import BotToken, Edit, Place, SlackMessage


@dataclass
class Told:
    """A message of a channel."""

    place: Place
    text: str
    is_broadcast: bool
    is_deleted: bool = False
    edits: list[Edit] = field(default_factory=list)

    @property
    def is_in_channel(self) -> bool:
        """Whether the channel shows it, not its thread alone."""
        return not self.place.thread_ts or self.is_broadcast


@dataclass
class Conversations:
    """All channels. A reply to a deleted message becomes a message of its own."""

    messages: list[Told] = field(default_factory=list)

    def post(self, credentials: BotToken, message: SlackMessage) -> Place:
        """Add a message; return its place."""
        channel, reply = credentials.channel, message.reply
        parent = self.find(channel, reply.ts) if reply is not None and reply.channel == channel else None
        thread_ts = parent.place.ts if parent is not None and not parent.is_deleted else ""
        place = Place(channel, f"{len(self.messages) + 1}.000000", thread_ts)
        self.messages.append(Told(place, message.text, bool(thread_ts and reply and reply.is_broadcast)))
        return place

    def find(self, channel: str, ts: str) -> Told | None:
        return next((one for one in self.messages if (one.place.channel, one.place.ts) == (channel, ts)), None)

    def delete_all(self) -> None:
        for one in self.messages:
            one.is_deleted = True
