"""Scripts of calls to a virtual queue, such as "send a; receive a; at 30; receive a"."""

import pytest
from botocore.exceptions import ClientError

from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.world import World


class Script:
    """A queue and its dead-letter queue. In a FIFO queue the group of a message is its first letter."""

    def __init__(self, queue: VirtualQueue, world: World) -> None:
        self.queue, self.world = queue, world
        self.handles: dict[str, list[str]] = {}

    def play(self, script: str) -> None:
        for step in script.split(";"):
            call, _, code = step.strip().partition(" = ")
            name, *arguments = call.split()
            if not code:
                getattr(self, name)(*arguments)
                continue
            with pytest.raises(ClientError) as error:
                getattr(self, name)(*arguments)
            assert error.value.response["Error"]["Code"] == code, step

    def at(self, instant: str) -> None:
        """Let the time pass until then."""
        self.world.run(until=float(instant))

    def send(self, *bodies: str) -> None:
        for body in bodies:
            if isinstance(self.queue, VirtualFifoQueue):
                self.queue.send(body, group=body[0], deduplication_id=body)
            else:
                self.queue.send(body)

    def send_delayed(self, body: str, seconds: str) -> None:
        self.queue.send(body, delay=float(seconds))

    def receive(self, *bodies: str, limit: int = 10) -> None:
        """Receive exactly these messages."""
        received = self.queue.receive(limit)
        assert [one.body for one in received] == list(bodies)
        for one in received:
            self.handles.setdefault(one.body, []).append(one.receipt_handle)

    def receive_up_to(self, limit: str, *bodies: str) -> None:
        self.receive(*bodies, limit=int(limit))

    def hide(self, body: str, seconds: str) -> None:
        """Change the visibility timeout of the latest receive."""
        self.queue.change_visibility(self.handles[body][-1], float(seconds))

    def delete(self, body: str) -> None:
        self.queue.delete(self.handles[body][-1])

    def hide_by_first_handle(self, body: str, seconds: str) -> None:
        self.queue.change_visibility(self.handles[body][0], float(seconds))

    def delete_by_first_handle(self, body: str) -> None:
        self.queue.delete(self.handles[body][0])

    def holds(self, *bodies: str) -> None:
        assert [one.body for one in self.queue.messages()] == list(bodies)

    def dead(self, *bodies: str) -> None:
        assert self.queue.dead_letters is not None
        assert [one.body for one in self.queue.dead_letters.messages()] == list(bodies)

    def expired(self, *bodies: str) -> None:
        assert [one.body for one in self.queue.expired] == list(bodies)

    def visible_at(self, instant: str) -> None:
        """Check when the next message is visible."""
        assert self.queue.next_visible() == float(instant)
