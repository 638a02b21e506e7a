"""Progress on the standard error, so that the standard output has results only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from rich.console import Console
from rich.markup import escape

type Show = Callable[[str], None]

FIRST_AFTER = 2.0
"""Seconds until the first line if there is no terminal; most commands end sooner."""
LINE_EVERY = 5.0
"""Seconds between two lines after that."""
LIMIT = 100


@contextmanager
def progress(doing: str, console: Console | None = None, ended: Event | None = None) -> Iterator[Show]:
    """Show the present step: beside a spinner on a terminal, else a line from time to time."""
    console = console or Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status(doing) as status:
            yield lambda text: status.update(escape(text[:LIMIT]))
        return
    lines = Lines(doing, console, ended or Event())
    lines.start()
    try:
        yield lines.show
    finally:
        lines.ended.set()
        lines.join()


class Lines(Thread):
    """A thread that prints the present step from time to time: the work may wait in one call for a minute."""

    def __init__(self, step: str, console: Console, ended: Event) -> None:
        super().__init__(daemon=True)
        self.step, self.console, self.ended = step, console, ended

    def show(self, step: str) -> None:
        self.step = step

    def run(self) -> None:
        pause = FIRST_AFTER
        while not self.ended.wait(pause):
            self.console.print(self.step[:LIMIT], soft_wrap=True, markup=False)
            pause = LINE_EVERY
