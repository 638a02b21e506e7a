"""Notifications -> where each goes, by the routes document. A document that cannot be used never loses an alert."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from record_batch.documents import Document
from retry_policies import Deadline
from slack_alerts.models import Notification, Routed
from slack_alerts.routes import Route, choose
from slack_alerts.routes_document import parse_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Router(Document[Route]):
    """Where alerts go: by the first route that fits, else to the default destination."""

    default_destination: str

    def parse(self, text: str) -> tuple[Route, ...]:
        return parse_routes(text)

    def route(self, notifications: Iterable[Notification], deadline: Deadline) -> Iterator[tuple[str, list[Routed]]]:
        """(destination, its notifications), so that what concerns a destination is decided once for it."""
        together: dict[str, list[Routed]] = {}
        for notification in notifications:
            route = choose(self.entries(deadline) or (), notification)
            destination, mention = (route.destination, route.mention) if route else (self.default_destination, "")
            together.setdefault(destination, []).append(Routed(notification, mention))
        yield from together.items()
