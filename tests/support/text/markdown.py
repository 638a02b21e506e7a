"""Tables of the docs, for tests that hold them to the code."""

import re

type Rows = list[list[str]]
"""The cells of a table's rows, without its head."""


def tables(page: str, heading: str) -> list[Rows]:
    """Return the tables below a heading and above the next one."""
    text = re.split(r"\n##+ ", page.split(f"# {heading}\n", 1)[1])[0]
    found = [block.splitlines() for block in text.strip().split("\n\n") if block.startswith("|")]
    return [[[cell.strip() for cell in line.strip("|").split("|")] for line in block[2:]] for block in found]


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))
