"""Tables in Markdown, and the measured tables of docs/guarantees.md."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

GUARANTEES = Path(__file__).parents[1] / "docs" / "guarantees.md"


def markdown(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def replace_table(table: str) -> None:
    """Replace the table of docs/guarantees.md that has the same columns."""
    columns = re.escape(table.partition("\n")[0])
    page = GUARANTEES.read_text()
    GUARANTEES.write_text(re.sub(rf"^{columns}(?:\n\|.*\|$)+", lambda _: table, page, count=1, flags=re.MULTILINE))
