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

    def take(self, before: float) -> Message | None:
        """Take the first visible message if its sequence number is lower than `before`."""
        return heapq.heappop(self.waiting)[1] if self.waiting and self.waiting[0][0] < before else None

    def first_in_flight(self) -> float:
        """Return the lowest hidden sequence number; infinity if no message is hidden."""
        return min(self.in_flight, default=math.inf)

    def free_at(self, *, locks_whole_group: bool) -> float:
        """Return the instant from which messages of this group can be received."""
        first = self.first_in_flight()
        if first == math.inf or (not locks_whole_group and self.waiting and self.waiting[0][0] < first):
            return -math.inf
        if locks_whole_group:
            return max(one.visible_at for one in self.in_flight.values())
        return self.in_flight[int(first)].visible_at
