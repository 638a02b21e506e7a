"""`make bench`: answer each question with a table, store the answers, and write the pages that show them.

`ONLY=policy` answers one question and stores nothing. Exits 1 if a required goal is not reached.
"""

import importlib
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table as Shown

from benchmarks import machine, pages
from benchmarks.results import Results, write
from benchmarks.tables import Table, unreached
from holdfast_cli.failures import run_command

QUESTIONS = ("policy", "post", "cold", "warm", "faulty", "scale", "cost")
"""The modules of this package that answer a question with `tables()`."""
COMMANDS = ("latency",)
"""Modules with a table of their own, whose `main()` returns the exit code."""


def main(arguments: Sequence[str]) -> int:
    """Answer the questions of these names; without names, answer and store all."""
    console, load = Console(width=150), os.getloadavg()[0]
    found: list[Table] = []
    failed = 0
    for name in arguments or QUESTIONS:
        began = time.monotonic()
        if name in COMMANDS:
            failed |= importlib.import_module(f"benchmarks.{name}").main()
        else:
            answers = answer(name)
            show(console, answers)
            found += answers
        console.print(f"{name}: {time.monotonic() - began:.0f} s\n", highlight=False)
    if not arguments:
        write(Results(machine.head(("make", "bench"), load), tuple(found)))
        pages.main()
    missed = unreached(found)
    for goal in missed:
        console.print(f"not reached: {': '.join(goal.shown[:3])}", highlight=False)
    return 1 if failed or missed else 0


def answer(name: str) -> list[Table]:
    """Answer a question in a process of its own: botocore's session and other caches would keep the last one's AWS."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(tables_of, name).result()


def tables_of(name: str) -> list[Table]:
    """Return the tables of a question."""
    found: list[Table] = importlib.import_module(f"benchmarks.{name}").tables()
    return found


def show(console: Console, tables: Sequence[Table]) -> None:
    """Print the tables with their goals."""
    for table in tables:
        shown = Shown(*(column.name for column in table.columns), title=table.title)
        for row in table.shown_rows:
            shown.add_row(*row)
        console.print(shown)
        for goal in table.goals:
            text, bound, figure, verdict = goal.shown
            console.print(f"  {verdict}: {text}: {figure} ({bound})", highlight=False)


if __name__ == "__main__":
    sys.exit(run_command(lambda: main(sys.argv[1:])))
