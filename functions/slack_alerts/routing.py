"""Notifications -> where each goes, by the routes document. A document that cannot be used never loses an alert."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from record_batch.telemetry import logger
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from slack_alerts.models import Notification, Routed
from slack_alerts.routes import Route, choose
from slack_alerts.routes_document import RoutesError, parse_routes
from slack_alerts.stores import Store, Unreadable, read_stored

KEPT = 300.0
"""Seconds until the document is read again."""
KEPT_AFTER_TROUBLE = 60.0
"""Seconds until it is read again where it could not be used."""
READ_TIME = 2.0
"""Seconds after which no attempt to read it starts: the alerts need the time."""


class RoutesTrouble(Enum):
    """Why the document that is stored does not decide."""

    MISSING = "missing"
    """It was there before. A stack that never had one is as it should be."""
    INVALID = "invalid"
    UNREADABLE = "unreadable"


@dataclass(slots=True)
class Known:
    """The routes of the last good document; None before there was one."""

    routes: tuple[Route, ...] | None = None
    until: float = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """Where alerts go: by the first route that fits, else to the default destination."""

    default_destination: str
    store: Store
    parameter: str
    policy: RetryPolicy
    on_trouble: Callable[[RoutesTrouble], None]
    clock: Clock = time.monotonic
    known: Known = field(default_factory=Known)

    def route(self, notifications: Iterable[Notification], deadline: Deadline) -> Iterator[tuple[str, list[Routed]]]:
        """(destination, its notifications), so that what concerns a destination is decided once for it."""
        together: dict[str, list[Routed]] = {}
        for notification in notifications:
            route = choose(self._routes(deadline), notification)
            destination, mention = (route.destination, route.mention) if route else (self.default_destination, "")
            together.setdefault(destination, []).append(Routed(notification, mention))
        yield from together.items()

    def _routes(self, deadline: Deadline) -> tuple[Route, ...]:
        """Of the document as it is; where it cannot be used, of the last good one, else none."""
        if self.clock() >= self.known.until:
            trouble = self._read(deadline)
            self.known.until = self.clock() + (KEPT if trouble is None else KEPT_AFTER_TROUBLE)
            if trouble is not None:
                self.on_trouble(trouble)
        return self.known.routes or ()

    def _read(self, deadline: Deadline) -> RoutesTrouble | None:
        """Learn the document, or say why not, once in the log too."""
        try:
            stored = read_stored(self.store, self.parameter, self.policy, deadline.at_most(READ_TIME))
            if stored is not None:
                self.known.routes = parse_routes(stored.text)
                return None
            trouble, problem = RoutesTrouble.MISSING, "there is none any more"
        except Unreadable as error:
            trouble, problem = RoutesTrouble.UNREADABLE, str(error)
        except RoutesError as error:
            trouble, problem = RoutesTrouble.INVALID, str(error)
        if trouble is RoutesTrouble.MISSING and self.known.routes is None:
            return None
        logger.error("routes not used", extra={"trouble": trouble.value, "problem": problem})
        return trouble
