"""Notification -> destination."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from slack_alerts.models import Notification


@dataclass(frozen=True, slots=True)
class Routes:
    """Where alerts go: one destination so far."""

    default_destination: str

    def route(self, notifications: Iterable[Notification]) -> Iterator[tuple[str, list[Notification]]]:
        """(destination, its notifications), so that what concerns a destination is decided once for it."""
        if together := list(notifications):
            yield self.default_destination, together
