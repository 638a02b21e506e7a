"""The feed of the page: one producer, any number of open pages, each with its own place in the feed."""

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

KEPT_MESSAGES = 1_000
KEPT_LINES = 200
QUIET = 15.0
"""Seconds without an event after which a comment shows that the connection works."""

type Item = Mapping[str, object]


@dataclass(frozen=True)
class _Event:
    kind: str
    data: str

    def __str__(self) -> str:
        return f"event: {self.kind}\ndata: {self.data}\n\n"


class Hub:
    """A page that connects gets everything that is kept, then each later event."""

    def __init__(self, messages: int = KEPT_MESSAGES, lines: int = KEPT_LINES) -> None:
        self._messages: deque[Item] = deque(maxlen=messages)
        self._lines: deque[Item] = deque(maxlen=lines)
        self._state: Item = {}
        self._events: deque[tuple[int, _Event]] = deque(maxlen=messages)
        self._number = 0
        self._changed = threading.Condition()
        self._is_closed = False

    def add_messages(self, messages: list[Item]) -> None:
        """Add messages to the channels."""
        if messages:
            self._publish("messages", messages, self._messages)

    def add_lines(self, lines: list[Item]) -> None:
        """Add lines to the log."""
        if lines:
            self._publish("lines", lines, self._lines)

    def move(self, moves: list[Item]) -> None:
        """Move alerts between the parts of the pipeline; a page that connects later does not see it."""
        if moves:
            self._publish("moves", moves)

    def show(self, state: Item) -> None:
        """Replace the state of the pipeline; an unchanged state is not sent."""
        if state != self._state:
            self._state = state
            self._publish("state", state)

    def clear(self) -> None:
        """Empty the channels."""
        with self._changed:
            self._messages.clear()
        self._publish("clear", {})

    def close(self) -> None:
        """End the feed of each page."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def feed(self, quiet: float = QUIET) -> Iterator[str]:
        """Yield server-sent events until the hub is closed."""
        number, event = self._all()
        yield str(event)
        while (found := self._after(number, quiet)) is not None:
            number, text = found
            yield text

    def _after(self, number: int, quiet: float) -> tuple[int, str] | None:
        """Wait for events after the one of that number; return the last number and them, or None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._number > number, quiet)
            if self._is_closed:
                return None
            new = [one for one in self._events if one[0] > number]
            is_behind = self._number - number > len(new)
        if is_behind:
            last, event = self._all()
            return last, str(event)
        return (new[-1][0], "".join(str(one) for _, one in new)) if new else (number, ": quiet\n\n")

    def _publish(self, kind: str, data: object, kept: deque[Item] | None = None) -> None:
        event = _Event(kind, json.dumps(data))
        with self._changed:
            if kept is not None and isinstance(data, list):
                kept.extend(data)
            self._number += 1
            self._events.append((self._number, event))
            self._changed.notify_all()

    def _all(self) -> tuple[int, _Event]:
        """Return everything that is kept, and the number of the last event in it."""
        with self._changed:
            kept = {"messages": list(self._messages), "lines": list(self._lines), "state": self._state}
            return self._number, _Event("all", json.dumps(kept))
