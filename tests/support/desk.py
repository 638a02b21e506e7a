"""A router over a scripted store, and what the store may come to."""

import json
from collections.abc import Callable

from botocore.exceptions import EndpointConnectionError

from record_batch.documents import Trouble
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from slack_alerts.models import Kind, Notification, Routed, Status
from slack_alerts.routing import Router
from tests.support.clock import FakeClock
from tests.support.notifications import notification
from tests.support.scripted_store import ScriptedStore, refusal

ALARM = notification(kind=Kind.ALARM, title="checkout-errors", status=Status.FIRING)


def document(destination: str) -> str:
    """Send alarms of checkout there, and what has ended to calm."""
    route = {"match": {"alarm": "checkout-*"}, "destination": destination, "mention": "here"}
    return json.dumps({"routes": [route, {"match": {"state": "OK"}, "destination": "calm"}]})


GOOD, OTHER = document("checkout"), document("other")
INVALID = GOOD.replace("match", "matches")
TROUBLES: dict[str, tuple[Trouble, str]] = {
    INVALID: (Trouble.INVALID, "routes[0].matches: is not a field; there are match, destination, mention"),
    "": (Trouble.INVALID, "document: must be JSON (line 1, column 1)"),
    "throttled": (Trouble.UNREADABLE, "ThrottlingException"),
    "denied": (Trouble.UNREADABLE, "AccessDeniedException"),
    "down": (Trouble.UNREADABLE, "EndpointConnectionError"),
}


def answer(word: str | None) -> str | Exception | None:
    """Make what the store does: give that text, or fail."""
    match word:
        case "throttled":
            return refusal("ThrottlingException")
        case "denied":
            return refusal("AccessDeniedException")
        case "down":
            return EndpointConnectionError(endpoint_url="https://ssm.example.com")
        case _:
            return word


class Desk:
    """A router over a scripted store, on a clock that stands still."""

    def __init__(self, *words: str | None, sleep: Callable[[float], None] = lambda _: None) -> None:
        self.clock = FakeClock()
        self.store = ScriptedStore([answer(word) for word in words])
        self.troubles: list[Trouble] = []
        self.router = Router(
            default_destination="default",
            store=self.store,
            parameter="/holdfast/routes",
            policy=AWS_READ.with_(sleep=sleep),
            on_trouble=self.troubles.append,
            clock=self.clock,
        )

    def route(self, *notifications: Notification, seconds: float = 60) -> list[tuple[str, list[Routed]]]:
        """As the router does, so many seconds before the deadline."""
        return list(self.router.route(iter(notifications), Deadline.after(seconds, clock=self.clock)))

    def where(self) -> str:
        """Where the alarm goes now."""
        [(destination, _)] = self.route(ALARM)
        return destination
