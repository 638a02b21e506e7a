"""All requests that the Slack stand-in received; a reset hides the earlier ones and erases none."""

import threading
from collections.abc import Callable

from demo.slack.memory import Request


class Journal:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self.hidden = 0
        """The number of the last request before the last reset."""

    def add(self, make: Callable[[int], Request]) -> None:
        """Add the request that is made with its number."""
        with self._lock:
            self._requests.append(make(len(self._requests) + 1))

    def reset(self) -> None:
        with self._lock:
            self.hidden = len(self._requests)

    def since(self, number: int) -> list[Request]:
        """Return the requests after the one of that number, oldest first."""
        with self._lock:
            return self._requests[number:]
