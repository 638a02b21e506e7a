"""The output of the demonstration: a line for each event, and the table at the end; readable without colours too."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.event import Event
from demo.ledger import Entry

COLOURS = {"news": "bold", "good": "green", "wait": "yellow", "fail": "magenta", "bad": "red"}
END_TEXTS = {
    "delivered": "delivered to Slack",
    "parked": "parked",
    "dead_lettered": "in a dead-letter queue",
    "in_flight": "still in a queue",
    "lost": "LOST",
}
PLAIN_WIDTH = 120
MOST_ALIKE = 3
"""Lines of one kind in a row; further ones are counted."""


class Timeline:
    """The printer of one run; times count from its start. `heard` is also called with each step and title."""

    def __init__(self, heard: Callable[[str], None] = lambda _: None) -> None:
        self._heard = heard
        self._start = time.time()
        self._console = Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = PLAIN_WIDTH

    def step(self, text: str) -> None:
        """Print a step with its time."""
        self._line(time.time(), Text(text))
        self._heard(text)

    def act(self, title: str) -> None:
        """Print the title of an act."""
        self._console.print()
        self._line(time.time(), Text(title, style="bold"))
        self._heard(title)

    def show(self, events: Sequence[Event]) -> None:
        """Print events; of many of one kind in a row, only the first."""
        for _, alike in groupby(events, key=lambda event: event.word):
            shown = list(alike)
            for event in shown[:MOST_ALIKE]:
                self._event(event)
            if more := shown[MOST_ALIKE:]:
                self._line(more[-1].time, Text(f"{more[-1].word:<12}and {len(more)} more"))

    def table(self, entries: Iterable[tuple[Entry, Sequence[int]]], expected: Mapping[str, str]) -> None:
        """Print the end of each alert, and Slack's answers to it. Alerts of a storm share a row."""
        self.text("\nThe end of each alert:")
        table = Table()
        for title in ("alert", "Slack answered", "end"):
            table.add_column(title)
        numbers: Counter[tuple[str, str, str]] = Counter()
        for entry, answers in entries:
            end = " and ".join(END_TEXTS[one] for one in entry.ends)
            if entry.posts > 1:
                end += f", {entry.posts} times"
            if (wanted := expected.get(entry.alert.label)) and entry.ends != (wanted,):
                end += f" (expected: {END_TEXTS[wanted]})"
            is_storm = entry.alert.name.startswith("storm-")
            label = f"{entry.alert.state} storm-…" if is_storm else entry.alert.label
            numbers[label, " ".join(map(str, answers)), end] += 1
        for (label, answered, end), number in numbers.items():
            table.add_row(f"{label} ({number} alerts)" if number > 1 else label, answered, end)
        self._console.print(table)

    def text(self, text: str) -> None:
        """Print a text without a time."""
        self._console.print(text, soft_wrap=True, markup=False)

    def _event(self, event: Event) -> None:
        line = Text(f"{event.word:<12}", style=COLOURS[event.kind])
        self._line(event.time, line + Text(f"{event.alert:<36} {event.detail}", style="default"))

    def _line(self, at: float, text: Text) -> None:
        self._console.print(Text(f"{at - self._start:6.1f} s  ", style="dim") + text, soft_wrap=True)
