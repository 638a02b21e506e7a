"""The console: the state that the watch has read, as items for the page."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from demo.channels import CHANNELS
from demo.console.controls import Controls
from demo.console.facts import facts_of
from demo.console.hub import Hub
from demo.console.pipeline import Moves, lanes, totals
from demo.console.rendering import message_html
from demo.event import Event
from demo.slack.memory import Request
from demo.slack.standin import SlackStandin
from demo.watch import Watch


class Console:
    """One producer calls `look` after each read of the watch."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._moves = Moves()
        self._shown = self._hidden = 0
        self._controls: Controls | None = None
        self._environment = ""

    def open(self, controls: Controls, environment: str) -> None:
        """Let the page use the controls; `environment` is that of commands that a reader types."""
        self._controls, self._environment = controls, environment

    def commands(self) -> Mapping[str, Callable[..., str]]:
        """Return the commands of the page; none before it may use them."""
        return self._controls.commands() if self._controls else {}

    def close(self) -> None:
        """End the feed of each page, and cancel a pending kill."""
        self.hub.close()
        if self._controls:
            self._controls.close()

    def say(self, text: str, kind: str = "news") -> None:
        """Add a line to the log."""
        self.hub.add_lines([_line(time.time(), kind, "", text)])

    def look(self, watch: Watch, slack: SlackStandin, events: Sequence[Event]) -> None:
        """Send the page everything that is new since the last look."""
        if slack.hidden > self._hidden:
            self._hidden = slack.hidden
            self._shown = max(self._shown, self._hidden)
            self.hub.clear()
        new = watch.requests_since(self._shown)
        self._shown += len(new)
        self.hub.move(self._moves.look(watch.books, watch.queues))
        self.hub.add_messages([_message(one, watch) for one in new if one.is_accepted])
        self.hub.add_lines(list(_lines(events)))
        self.hub.show(self._state(watch, slack))

    def _state(self, watch: Watch, slack: SlackStandin) -> Mapping[str, object]:
        is_down = self._controls is not None and self._controls.table.is_down
        table = [{"fault": "table", "channel": ""}] if is_down else []
        return {
            "is_ready": self._controls is not None,
            "environment": self._environment,
            "totals": totals(watch.ledger()),
            "depths": watch.queues.depths(),
            "lanes": lanes(CHANNELS, watch.queues, watch.books, time.time()),
            "faults": [*slack.faults(), *table],
        }


def _message(request: Request, watch: Watch) -> Mapping[str, object]:
    html = message_html(request, facts_of(request, watch.books))
    return {"channel": request.webhook.removeprefix("#"), "html": html}


def _lines(events: Iterable[Event]) -> Iterable[Mapping[str, object]]:
    return (_line(one.time, one.kind, one.word, f"{one.alert} {one.detail}".strip()) for one in events)


def _line(at: float, kind: str, word: str, text: str) -> Mapping[str, object]:
    return {
        "at": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
        "kind": kind,
        "word": word,
        "text": text,
    }
