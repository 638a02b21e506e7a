"""A FIFO SQS queue in virtual time: message groups, deduplication per group, and dead letters."""

import heapq
import math
from collections import OrderedDict
from dataclasses import dataclass, field

from tests.support.virtual.faults import client_error
from tests.support.virtual.fifo_group import Group
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Attributes, Message, Received

DEDUPLICATION_WINDOW = 300.0


@dataclass
class VirtualFifoQueue(VirtualQueue):
    """Deduplication scope is the message group. A hidden message blocks its whole group.

    `duplicated` must stay empty: a FIFO queue delivers no copies.
    """

    _messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    """Sequence number -> the message, in the order of age."""
    _groups: dict[str, Group] = field(default_factory=dict)
    _ready: list[tuple[float, int, Group]] = field(default_factory=list)
    """A heap of the unblocked groups by their first sequence number."""
    _locked: list[tuple[float, int, Group]] = field(default_factory=list)
    """A heap of the locked groups by the end of their lock."""
    _known: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    """(group, deduplication id) -> the end of the deduplication window and the first message's id."""

    def send(
        self,
        body: str,
        attributes: Attributes | None = None,
        delay: float = 0.0,
        *,
        group: str = "",
        deduplication_id: str = "",
    ) -> str:
        """Add a message unless it is a duplicate; return the id of the first message either way.

        Raise ClientError without group or deduplication id, or with a delay.
        """
        _check(group, deduplication_id, delay)
        now = self.scheduler.now
        ends, message_id = self._known.get((group, deduplication_id), (-math.inf, ""))
        if now < ends:
            return message_id
        message = Message(0, "", body, dict(attributes or {}), now, now, group=group, deduplication_id=deduplication_id)
        self._accept(message)
        self._known[group, deduplication_id] = now + DEDUPLICATION_WINDOW, message.message_id
        for callback in self.on_send:
            callback(message)
        return message.message_id

    def receive(self, limit: int = 10, visibility: float | None = None, *, one_group: bool = False) -> list[Received]:
        """Receive visible messages in order; move a message that was received too often to the dead letters.

        The group with the oldest first message comes first, with as many messages as possible.
        """
        self._expire()
        self._unlock()
        seconds = self.visibility if visibility is None else visibility
        received: list[Received] = []
        touched: list[Group] = []
        while len(received) < limit and not (one_group and received) and self._has_ready():
            group = heapq.heappop(self._ready)[2]
            touched.append(group)
            received += self._receive_from(group, limit - len(received), seconds)
        for group in touched:
            self._settle(group)
        if touched:
            self._changed()
        return received

    def change_visibility(self, handle: str, seconds: float) -> None:
        """Hide a message for that long from now. Raise ClientError as SQS does."""
        super().change_visibility(handle, seconds)
        self._settle(self._groups[self._messages[_serial(handle)].group])
        self._changed()

    def delete(self, handle: str) -> None:
        """Delete a message. Raise ClientError if the message is visible again or was received again."""
        message = self._stored(handle)
        if message is None:
            return
        if message.handle != handle or message.visible_at <= self.scheduler.now:
            raise client_error("InvalidParameterValue", message="The receipt handle has expired")
        self._remove(message)
        for callback in self.on_delete:
            callback(message)
        self._changed()

    def messages(self) -> list[Message]:
        self._expire()
        return list(self._messages.values())

    def next_visible(self) -> float:
        if self._has_ready():
            return self.scheduler.now
        _prune(self._locked)
        return self._locked[0][0] if self._locked else math.inf

    def _accept(self, message: Message) -> None:
        """Append a new message, or a dead letter, whose retention starts again."""
        message.serial, message.sent, message.visible_at = next(self._serial), self.scheduler.now, self.scheduler.now
        message.message_id = message.message_id or f"{self.name}-{message.serial}"
        self._messages[message.serial] = message
        group = self._groups.setdefault(message.group, Group(message.group))
        group.add(message)
        if len(group.waiting) == 1:
            self._settle(group)
        self._changed()

    def _receive_from(self, group: Group, limit: int, visibility: float) -> list[Received]:
        received: list[Received] = []
        while len(received) < limit and (message := group.take()) is not None:
            if message.serial not in self._messages:
                continue
            if self._is_dead(message):
                self._move_to_dead_letters(message)
            else:
                received.append(self._deliver(message, visibility))
        return received

    def _place(self, message: Message, visible_at: float) -> None:
        """Hide a message until then. The caller must settle its group."""
        message.visible_at = visible_at
        self._groups[message.group].in_flight[message.serial] = message

    def _move_to_dead_letters(self, message: Message) -> None:
        """Move a message to the FIFO dead-letter queue with its id, group and receive count."""
        dead = self.dead_letters
        assert isinstance(dead, VirtualFifoQueue), f"{self.name} needs a FIFO dead-letter queue"
        del self._messages[message.serial]
        dead._accept(message)  # noqa: SLF001 - another queue
        for callback in dead.on_send:
            callback(message)

    def _expire(self) -> None:
        """Delete the messages whose retention is over, in flight or not."""
        oldest = self.scheduler.now - self.retention
        while self._messages and (message := next(iter(self._messages.values()))).sent <= oldest:
            self._remove(message)
            self.expired.append(message)

    def _remove(self, message: Message) -> None:
        del self._messages[message.serial]
        group = self._groups[message.group]
        group.in_flight.pop(message.serial, None)
        self._settle(group)

    def _unlock(self) -> None:
        """Settle the groups whose lock is over."""
        _prune(self._locked)
        while self._locked and self._locked[0][0] <= self.scheduler.now:
            self._settle(heapq.heappop(self._locked)[2])
            _prune(self._locked)

    def _settle(self, group: Group) -> None:
        """Put a group into the heap of the ready or of the locked groups; drop it if it is empty."""
        group.unhide(self.scheduler.now)
        while group.waiting and group.waiting[0][0] not in self._messages:
            heapq.heappop(group.waiting)
        group.place = next(self._places)
        if group.locked_until > self.scheduler.now:
            heapq.heappush(self._locked, (group.locked_until, group.place, group))
        elif group.waiting:
            heapq.heappush(self._ready, (group.waiting[0][0], group.place, group))
        else:
            self._groups.pop(group.name, None)

    def _has_ready(self) -> bool:
        _prune(self._ready)
        return bool(self._ready)

    def _changed(self) -> None:
        for callback in self.on_change:
            callback()


def _prune(heap: list[tuple[float, int, Group]]) -> None:
    """Drop outdated places from the front of a heap."""
    while heap and heap[0][1] != heap[0][2].place:
        heapq.heappop(heap)


def _serial(handle: str) -> int:
    return int(handle.split(":")[1])


def _check(group: str, deduplication_id: str, delay: float) -> None:
    if not group:
        raise client_error("MissingParameter", message="The request must contain the parameter MessageGroupId.")
    if not deduplication_id:
        raise client_error("InvalidParameterValue", message="Provide a MessageDeduplicationId")
    if delay:
        raise client_error("InvalidParameterValue", message="DelaySeconds is not valid for a FIFO queue")
