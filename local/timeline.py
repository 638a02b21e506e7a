"""What happens, line by line while it happens, and the table at the end; readable without colours and in a file too."""

import time
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.event import Event
from local.ledger import Entry

COLOURS = {"news": "bold", "good": "green", "wait": "yellow", "fail": "magenta", "bad": "red"}
ENDS_IN_WORDS = {
    "delivered": "delivered to Slack",
    "parked": "parked",
    "dead_lettered": "in the dead-letter queue",
    "in_flight": "still in the queue",
    "lost": "LOST",
}
PLAIN_WIDTH = 120


class Timeline:
    """Prints one run; times count from its start."""

    def __init__(self) -> None:
        self._start = time.time()
        self._console = Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = PLAIN_WIDTH

    def step(self, what: str) -> None:
        """Say what is being done."""
        self._line(time.time(), Text(what))

    def act(self, title: str) -> None:
        """Say which part begins."""
        self._console.print()
        self._line(time.time(), Text(title, style="bold"))

    def show(self, events: Sequence[Event]) -> None:
        """Print what happened."""
        for event in events:
            line = Text(f"{event.word:<12}", style=COLOURS[event.kind])
            self._line(event.time, line + Text(f"{event.alert:<36} {event.detail}", style="default"))

    def table(self, entries: Iterable[tuple[Entry, Sequence[int]]], expected: Mapping[str, str]) -> None:
        """Print what became of every alert: what Slack answered to it, and where it ended."""
        self.say("\nWhat became of every alert:")
        table = Table()
        for title in ("alert", "Slack answered", "end"):
            table.add_column(title)
        for entry, answers in entries:
            end = " and ".join(ENDS_IN_WORDS[one] for one in entry.ends)
            if entry.posts > 1:
                end += f", {entry.posts} times"
            if (wanted := expected.get(entry.alert.label)) and entry.ends != (wanted,):
                end += f" (expected: {ENDS_IN_WORDS[wanted]})"
            table.add_row(entry.alert.label, " ".join(map(str, answers)), end)
        self._console.print(table)

    def say(self, text: str) -> None:
        """Print a line as it is."""
        self._console.print(text, soft_wrap=True, markup=False)

    def _line(self, at: float, text: Text) -> None:
        self._console.print(Text(f"{at - self._start:6.1f} s  ", style="dim") + text, soft_wrap=True)
