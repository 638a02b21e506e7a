"""The routes document in the parameter store."""

from dataclasses import dataclass

from configuration.documents import Document
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
