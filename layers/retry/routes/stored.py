"""The routes document in the parameter store."""

from dataclasses import dataclass, replace

from configuration.documents import Cached, Document
from retry_policies import Deadline
from routes.document import parse_routes
from routes.route import Routes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRoutes(Document[Routes]):
    """The routes, cached."""

    def parse(self, text: str) -> tuple[Routes]:
        return (parse_routes(text),)

    def routes(self, deadline: Deadline) -> Routes | None:
        """Return the routes of the last valid document, empty if there is no document; None if none was ever read."""
        entries = self.entries(deadline)
        return None if entries is None else next(iter(entries), Routes())

    def present_routes(self, deadline: Deadline) -> Routes | None:
        """Return the routes that are stored now, empty if there is no document; None if it cannot be used."""
        return replace(self, cached=Cached()).routes(deadline)
