"""A standard SQS queue in virtual time: what is in it, who sees it when, and where it goes in the end."""

import heapq
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tests.support.virtual.faults import client_error
from tests.support.virtual.queue_messages import Attributes, Message, Received
from tests.support.virtual.scheduler import Scheduler

LONGEST_HIDDEN = 43_200.0
"""Twelve hours, counted from the receive."""


@dataclass
class VirtualQueue:
    """All lengths in seconds. Nothing here takes time: that is the client's part."""

    name: str
    scheduler: Scheduler
    visibility: float = 30.0
    retention: float = 345_600.0
    max_receives: int | None = None
    dead_letters: "VirtualQueue | None" = None
    is_deleted: bool = False
    """Nothing can be moved here any more."""
    expired: list[Message] = field(default_factory=list)
    """What nobody took in time: lost."""
    duplicated: set[int] = field(default_factory=set)
    """Numbers of deliveries, from 1, that leave a visible copy with the same message id behind."""
    on_change: list[Callable[[], None]] = field(default_factory=list)
    on_send: list[Callable[[Message], None]] = field(default_factory=list)
    on_delete: list[Callable[[Message], None]] = field(default_factory=list)
    _messages: dict[int, Message] = field(default_factory=dict)
    _order: list[tuple[float, int, Message]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _places: Iterator[int] = field(default_factory=itertools.count)
    _handed_out: int = 0

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:eu-west-1:123456789012:{self.name}"

    @property
    def url(self) -> str:
        return f"https://sqs.eu-west-1.amazonaws.com/123456789012/{self.name}"

    def send(self, body: str, attributes: Attributes | None = None, delay: float = 0.0) -> str:
        """Put a message in, hidden for that long -> its id."""
        serial, now = next(self._serial), self.scheduler.now
        message = Message(serial, f"{self.name}-{serial}", body, dict(attributes or {}), now, now + delay)
        self._messages[serial] = message
        self._place(message, message.visible_at)
        for tell in self.on_send:
            tell(message)
        return message.message_id

    def receive(self, limit: int = 10, visibility: float | None = None) -> list[Received]:
        """Hand out what is visible, at most so many; what was received too often goes to the dead letters instead."""
        handed: list[Received] = []
        while len(handed) < limit and self.next_visible() <= self.scheduler.now:
            message = heapq.heappop(self._order)[2]
            if message.sent + self.retention <= self.scheduler.now:
                self.expired.append(self._messages.pop(message.serial))
            elif self._is_dead(message):
                self._bury(message)
            else:
                handed.append(self._hand_out(message, self.visibility if visibility is None else visibility))
        return handed

    def change_visibility(self, handle: str, seconds: float) -> None:
        """Hide a message for that long from now, this once. Raises ClientError as SQS does."""
        message, now = self._find(handle), self.scheduler.now
        if message is None:
            raise client_error("InvalidParameterValue", message="Message does not exist or is not available")
        if message.visible_at <= now:
            raise client_error("MessageNotInflight")
        if not now <= now + seconds <= message.received + LONGEST_HIDDEN:
            raise client_error("InvalidParameterValue", message="Total VisibilityTimeout is beyond the limit")
        self._place(message, now + seconds)

    def delete(self, handle: str) -> None:
        """Take a message out; with a handle from before its latest receive it stays."""
        message = self._find(handle)
        if message is not None:
            message.place = -1
            del self._messages[message.serial]
            for tell in self.on_delete:
                tell(message)

    def messages(self) -> list[Message]:
        """All that is in it, hidden or not."""
        for message in [one for one in self._messages.values() if one.sent + self.retention <= self.scheduler.now]:
            message.place = -1
            self.expired.append(self._messages.pop(message.serial))
        return list(self._messages.values())

    def next_visible(self) -> float:
        """The instant from which there is something to receive; infinity for an empty queue."""
        while self._order and self._order[0][1] != self._order[0][2].place:
            heapq.heappop(self._order)
        return self._order[0][0] if self._order else math.inf

    def _place(self, message: Message, visible_at: float) -> None:
        """Visible from then on, behind those that are so before."""
        message.visible_at, message.place = visible_at, next(self._places)
        heapq.heappush(self._order, (visible_at, message.place, message))
        for tell in self.on_change:
            tell()

    def _hand_out(self, message: Message, visibility: float) -> Received:
        self._handed_out += 1
        now = self.scheduler.now
        if self._handed_out in self.duplicated:
            copy = replace(message, serial=next(self._serial))
            self._messages[copy.serial] = copy
            self._place(copy, now)
        message.receives += 1
        message.received = now
        message.first_received = message.first_received if message.receives > 1 else now
        message.handle = f"{self.name}:{message.serial}:{self._handed_out}"
        self._place(message, now + visibility)
        return Received.of(message)

    def _is_dead(self, message: Message) -> bool:
        """Received too often; without a place for dead letters it stays here all the same."""
        is_movable = self.dead_letters is None or not self.dead_letters.is_deleted
        return self.max_receives is not None and message.receives >= self.max_receives and is_movable

    def _bury(self, message: Message) -> None:
        """To the dead letters, with its id, its age and its count."""
        dead = self.dead_letters
        assert dead is not None, f"{self.name} has no dead-letter queue"
        del self._messages[message.serial]
        message.serial = next(dead._serial)  # noqa: SLF001 - another queue
        dead._messages[message.serial] = message  # noqa: SLF001 - another queue
        dead._place(message, self.scheduler.now)  # noqa: SLF001 - another queue

    def _find(self, handle: str) -> Message | None:
        """The message whose latest receive this is, or None."""
        message = self._stored(handle)
        return message if message is not None and message.handle == handle else None

    def _stored(self, handle: str) -> Message | None:
        """Return the message that this handle was made for, also if a later receive replaced the handle."""
        name, _, rest = handle.partition(":")
        serial, _, number = rest.partition(":")
        if name != self.name or not (serial.isdecimal() and number.isdecimal()):
            raise client_error("ReceiptHandleIsInvalid")
        return self._messages.get(int(serial))
