"""The tables that benchmarks return: printed, stored in results.json, shown in docs/performance.md."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some rounds, and the middle half of them."""

    median: float
    low: float
    high: float


type Cell = str | float | Spread


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    form: str = ""
    """The format of its numbers, such as `,.1f`."""

    def show(self, cell: Cell) -> str:
        """Return the text of a cell; of a spread the median and the middle half."""
        match cell:
            case str():
                return cell
            case Spread(median, low, high):
                return f"{median:{self.form}} ({low:{self.form}}–{high:{self.form}})"
            case _:
                return f"{cell:{self.form}}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and its bound; a required goal that is not reached fails the command."""

    text: str
    figure: float
    bound: float
    form: str = ".2f"
    is_least: bool = False
    """Whether the bound is the least allowed figure; else it is the largest."""
    is_required: bool = False

    @property
    def is_reached(self) -> bool:
        return self.figure >= self.bound if self.is_least else self.figure <= self.bound

    @property
    def shown(self) -> tuple[str, str, str, str]:
        """Return the goal as a row: text, bound, figure, verdict."""
        bound = f"{'≥' if self.is_least else '≤'} {self.bound:{self.form}}"
        return self.text, bound, f"{self.figure:{self.form}}", "reached" if self.is_reached else "not reached"


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to one question, or a part of it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    goals: tuple[Goal, ...] = ()

    @property
    def shown_rows(self) -> list[list[str]]:
        return [[column.show(cell) for column, cell in zip(self.columns, row, strict=True)] for row in self.rows]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(
            stored["name"],
            stored["title"],
            tuple(Column(**column) for column in stored["columns"]),
            tuple(tuple(map(_cell, row)) for row in stored["rows"]),
            tuple(Goal(**goal) for goal in stored["goals"]),
        )


def unreached(tables: Sequence[Table]) -> list[Goal]:
    """Return the required goals that are not reached."""
    return [goal for table in tables for goal in table.goals if goal.is_required and not goal.is_reached]


def _cell(stored: Any) -> Cell:  # noqa: ANN401 - JSON
    cell: Cell = Spread(**stored) if isinstance(stored, dict) else stored
    return cell
