"""A standard SQS queue in virtual time."""

import heapq
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tests.support.virtual.faults import client_error
from tests.support.virtual.queue_messages import Attributes, Message, Received
from tests.support.virtual.scheduler import Scheduler

LONGEST_HIDDEN = 43_200.0
"""Seconds from the receive: twelve hours."""


@dataclass
class VirtualQueue:
    """Lengths are in seconds. Calls take no time here; those of VirtualSqs do."""

    name: str
    scheduler: Scheduler
    visibility: float = 30.0
    retention: float = 345_600.0
    max_receives: int | None = None
    dead_letters: "VirtualQueue | None" = None
    is_deleted: bool = False
    """Whether this dead-letter queue was deleted."""
    expired: list[Message] = field(default_factory=list)
    """Messages that were lost at the end of their retention."""
    duplicated: set[int] = field(default_factory=set)
    """Numbers of deliveries, from 1, that leave a visible copy with the same message id behind."""
    on_change: list[Callable[[], None]] = field(default_factory=list)
    on_send: list[Callable[[Message], None]] = field(default_factory=list)
    on_delete: list[Callable[[Message], None]] = field(default_factory=list)
    _messages: dict[int, Message] = field(default_factory=dict)
    _order: list[tuple[float, int, Message]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _places: Iterator[int] = field(default_factory=itertools.count)
    _deliveries: int = 0

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:eu-west-1:123456789012:{self.name}"

    @property
    def url(self) -> str:
        return f"https://sqs.eu-west-1.amazonaws.com/123456789012/{self.name}"

    def send(self, body: str, attributes: Attributes | None = None, delay: float = 0.0) -> str:
        """Add a message, hidden for the delay; return its id."""
        serial, now = next(self._serial), self.scheduler.now
        message = Message(serial, f"{self.name}-{serial}", body, dict(attributes or {}), now, now + delay)
        self._messages[serial] = message
        self._place(message, message.visible_at)
        for callback in self.on_send:
            callback(message)
        return message.message_id

    def receive(self, limit: int = 10, visibility: float | None = None) -> list[Received]:
        """Receive visible messages; move those that were received too often to the dead letters."""
        received: list[Received] = []
        while len(received) < limit and self.next_visible() <= self.scheduler.now:
            message = heapq.heappop(self._order)[2]
            if message.sent + self.retention <= self.scheduler.now:
                self.expired.append(self._messages.pop(message.serial))
            elif self._is_dead(message):
                self._move_to_dead_letters(message)
            else:
                received.append(self._deliver(message, self.visibility if visibility is None else visibility))
        return received

    def change_visibility(self, handle: str, seconds: float) -> None:
        """Hide a message for that long from now. Raise ClientError as SQS does."""
        message, now = self._find(handle), self.scheduler.now
        if message is None:
            raise client_error("InvalidParameterValue", message="Message does not exist or is not available")
        if message.visible_at <= now:
            raise client_error("MessageNotInflight")
        if not now <= now + seconds <= message.received + LONGEST_HIDDEN:
            raise client_error("InvalidParameterValue", message="Total VisibilityTimeout is beyond the limit")
        self._place(message, now + seconds)

    def delete(self, handle: str) -> None:
        """Delete a message; do nothing if the handle is older than its latest receive."""
        message = self._find(handle)
        if message is not None:
            message.place = -1
            del self._messages[message.serial]
            for callback in self.on_delete:
                callback(message)

    def messages(self) -> list[Message]:
        """Return all messages, hidden or not."""
        for message in [one for one in self._messages.values() if one.sent + self.retention <= self.scheduler.now]:
            message.place = -1
            self.expired.append(self._messages.pop(message.serial))
        return list(self._messages.values())

    def next_visible(self) -> float:
        """Return the instant at which the next message is visible; infinity for an empty queue."""
        while self._order and self._order[0][1] != self._order[0][2].place:
            heapq.heappop(self._order)
        return self._order[0][0] if self._order else math.inf

    def _place(self, message: Message, visible_at: float) -> None:
        """Make a message visible from then on, behind those that are visible earlier."""
        message.visible_at, message.place = visible_at, next(self._places)
        heapq.heappush(self._order, (visible_at, message.place, message))
        for callback in self.on_change:
            callback()

    def _deliver(self, message: Message, visibility: float) -> Received:
        self._deliveries += 1
        now = self.scheduler.now
        if self._deliveries in self.duplicated:
            copy = replace(message, serial=next(self._serial))
            self._messages[copy.serial] = copy
            self._place(copy, now)
        message.receives += 1
        message.received = now
        message.first_received = message.first_received if message.receives > 1 else now
        message.handle = f"{self.name}:{message.serial}:{self._deliveries}"
        self._place(message, now + visibility)
        return Received.of(message)

    def _is_dead(self, message: Message) -> bool:
        """Whether the message was received too often and there is a dead-letter queue."""
        is_movable = self.dead_letters is None or not self.dead_letters.is_deleted
        return self.max_receives is not None and message.receives >= self.max_receives and is_movable

    def _move_to_dead_letters(self, message: Message) -> None:
        """Move a message with its id, its age and its receive count."""
        dead = self.dead_letters
        assert dead is not None, f"{self.name} has no dead-letter queue"
        del self._messages[message.serial]
        message.serial = next(dead._serial)  # noqa: SLF001 - another queue
        dead._messages[message.serial] = message  # noqa: SLF001 - another queue
        dead._place(message, self.scheduler.now)  # noqa: SLF001 - another queue

    def _find(self, handle: str) -> Message | None:
        """Return the message if this is the handle of its latest receive."""
        message = self._stored(handle)
        return message if message is not None and message.handle == handle else None

    def _stored(self, handle: str) -> Message | None:
        """Return the message of this handle, even if a later receive replaced the handle."""
        name, _, rest = handle.partition(":")
        serial, _, number = rest.partition(":")
        if name != self.name or not (serial.isdecimal() and number.isdecimal()):
            raise client_error("ReceiptHandleIsInvalid")
        return self._messages.get(int(serial))
