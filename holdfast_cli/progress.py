"""Progress on the standard error, so that the standard output has results only."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

type Show = Callable[[str], None]

FIRST_AFTER = 2.0
"""Seconds without a line where there is no terminal: most commands end in them."""
LINE_EVERY = 5.0
"""Seconds between two lines after that."""
LIMIT = 100


@contextmanager
def progress(console: Console | None = None, clock: Callable[[], float] = time.monotonic) -> Iterator[Show]:
    """Show the present step: beside a spinner on a terminal, else a line from time to time."""
    console = console or Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status("") as status:
            yield lambda text: status.update(text[:LIMIT])
        return
    next_line = clock() + FIRST_AFTER

    def show(text: str) -> None:
        nonlocal next_line
        if clock() >= next_line:
            next_line = clock() + LINE_EVERY
            console.print(text[:LIMIT], soft_wrap=True, markup=False)

    yield show
