"""The console without a stack: its feed is given by the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from demo.channels import CHANNELS
from demo.console.facts import Facts
from demo.console.hub import Hub
from demo.console.page import console_page
from demo.console.rendering import message_html
from demo.slack.memory import Request
from demo.slack.standin import SlackStandin

FACTS = Facts("0.4 s · 1 attempt", (), (("Attempts", "1"), ("Waits", "none"), ("Lane", "alerts")))
TOTALS = (
    "published",
    "delivered",
    "in_line",
    "parked",
    "dead",
    "lost",
    "self_tests",
    "skipped",
    "copies",
    "posted_twice",
)
UNLIMITED = 1_000_000
"""Posts in a burst: the page is tested without Slack's rate limit."""
DEPTHS = ("alerts", "lanes", "parked", "alerts_dead", "lanes_dead")


@dataclass(frozen=True)
class Fed:
    slack: SlackStandin
    hub: Hub

    @property
    def url(self) -> str:
        return self.slack.url

    def show(self, *requests: Request, facts: Facts | None = FACTS) -> None:
        """Post messages to their channels."""
        self.hub.add_messages([{"channel": one.webhook, "html": message_html(one, facts)} for one in requests])


@contextmanager
def fed_console() -> Iterator[Fed]:
    """Serve the page with an empty pipeline; each command says its name."""
    hub = Hub()
    names = ("send", "storm", "kill", "table", "redrive", "reset")
    page = console_page(hub, lambda: {name: lambda name=name, **_: f"{name} done" for name in names})
    with SlackStandin(page=page, burst=UNLIMITED) as slack:
        hub.show(empty_state())
        yield Fed(slack, hub)
        hub.close()


def empty_state(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON of any shape
    return {
        "is_ready": True,
        "environment": "",
        "totals": dict.fromkeys(TOTALS, 0),
        "depths": dict.fromkeys(DEPTHS, 0),
        "lanes": [{"name": one, "waiting": 0, "oldest": 0, "posts": 0} for one in CHANNELS],
        "faults": [],
        **changes,
    }
