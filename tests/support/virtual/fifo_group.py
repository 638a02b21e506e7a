"""One message group of a FIFO queue: which of its messages may be received, and from when."""

import heapq
import math
from dataclasses import dataclass, field

from tests.support.virtual.queue_messages import Message


@dataclass(slots=True, eq=False)
class Group:
    """Messages in flight are few: a group is in one batch at a time."""

    name: str
    waiting: list[tuple[int, Message]] = field(default_factory=list)
    """A heap of the visible messages by sequence number; removed messages stay in it until they are the first."""
    in_flight: dict[int, Message] = field(default_factory=dict)
    """The hidden messages, by sequence number."""
    place: int = -1
    """The only valid place of this group in the queue's heaps."""

    def add(self, message: Message) -> None:
        """Make a message visible in this group."""
        heapq.heappush(self.waiting, (message.serial, message))

    def unhide(self, now: float) -> None:
        """Return messages whose visibility timeout is over to the visible ones."""
        for message in [one for one in self.in_flight.values() if one.visible_at <= now]:
            del self.in_flight[message.serial]
            self.add(message)

    def take(self) -> Message | None:
        return heapq.heappop(self.waiting)[1] if self.waiting else None

    @property
    def locked_until(self) -> float:
        """The instant from which messages of this group can be received."""
        return max((one.visible_at for one in self.in_flight.values()), default=-math.inf)
