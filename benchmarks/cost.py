"""`make bench ONLY=cost`: the paid calls of an alert, counted in virtual time, and their price.

docs/cost.md shows the same numbers for the whole stack (holdfast_cli/cost.py); a test holds them to these.
"""

from benchmarks.tables import Cell, Column, Table
from benchmarks.usage import STEADY, STORM, usage
from holdfast_cli.cost import MILLION, dollars

COLUMNS = (
    Column("paid for"),
    Column("storm, $ a million", ".2f"),
    Column("alone, $ a million", ".2f"),
    Column("storm, an alert", ",.3f"),
    Column("alone, an alert", ",.3f"),
)


def tables() -> list[Table]:
    storm, alone = usage(STORM), usage(STEADY)
    prices = [{name: MILLION * one for name, one in dollars(used).items()} for used in (storm, alone)]
    rows: list[tuple[Cell, ...]] = [
        (name, *(price[name] for price in prices), *(used[name] for used in (storm, alone))) for name in alone
    ]
    rows.append(("in all", *(sum(price.values()) for price in prices), "", ""))
    title = f"Dollars a million alerts: {STORM.alerts:,} at once to a channel, and one every {STEADY.every:.0f} s"
    return [Table("cost", title, COLUMNS, tuple(rows))]
