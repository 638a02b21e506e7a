"""`python -m benchmarks.pages`: write docs/performance.md, its plots and the tables of other pages from results.json.

A generated part stands between `<!-- results: NAME -->` and `<!-- end -->`.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import faulty, policy
from benchmarks.faults import FAULTS
from benchmarks.markdown import markdown
from benchmarks.plots import Bars
from benchmarks.results import Results, read
from benchmarks.tables import Cell, Spread, Table

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "docs" / "performance.md", ROOT / "docs" / "comparison.md", ROOT / "README.md")
PLOTS = ROOT / "docs" / "plots"
PART = re.compile(r"(?<=<!-- results: )(?P<name>[a-z0-9-]+) -->\n.*?(?=<!-- end -->)", re.DOTALL)
STORM = f"faulty-{faulty.SIZES[0]}"


def main() -> None:
    results = read()
    for page in PAGES:
        page.write_text(rendered(page.read_text(encoding="utf-8"), results), encoding="utf-8")
    PLOTS.mkdir(exist_ok=True)
    for name, picture in plots(results).items():
        (PLOTS / f"{name}.svg").write_text(picture, encoding="utf-8")


def rendered(page: str, results: Results) -> str:
    """Return the page with its generated parts written anew. Raise KeyError for the name of an unknown part."""
    found = parts(results)
    return PART.sub(lambda match: f"{match['name']} -->\n{found[match['name']]}\n", page)


def parts(results: Results) -> Mapping[str, str]:
    """Return the generated parts by name."""
    tables = {table.name: _table(table) for table in results.tables}
    overhead = {f"overhead-{name}": _overhead(_find(results, name)) for name in ("policy", "policy-async")}
    head = markdown(("fact", "value"), results.head.items())
    return tables | overhead | {"head": head, "lost": _lost(results)}


def _table(table: Table) -> str:
    shown = [f"**{table.title}**", markdown([column.name for column in table.columns], table.shown_rows)]
    if table.goals:
        shown.append(markdown(("goal", "bound", "figure", ""), [goal.shown for goal in table.goals]))
    return "\n\n".join(shown)


def _overhead(table: Table) -> str:
    """Return the microseconds of a call by caller and case."""
    cases = len(policy.CASES)
    rows = [(caller, *microseconds[cases:]) for caller, *microseconds in table.shown_rows]
    return markdown(("microseconds of a call", *policy.CASES), rows)


def _lost(results: Results) -> str:
    """Return the share of lost alerts by sender and fault."""
    rows = _by_sender(_find(results, STORM))
    columns = (f"lost of {faulty.SIZES[0]:,} alerts, %", *(fault.name for fault in FAULTS))
    return markdown(columns, [(sender, *(f"{share:.0f}" for share in shares)) for sender, shares in rows])


def plots(results: Results) -> dict[str, str]:
    """Return the plots by name."""
    return {name: draw(results).svg() for name, draw in DRAWN.items()}


def _policy_plot(results: Results) -> Bars:
    table = _find(results, "policy")
    series = tuple(policy.CASES)
    rows = tuple((str(row[0]), tuple(map(_figure, row[1 : 1 + len(series)]))) for row in table.rows)
    return Bars("A call under a policy, in hand-written loops (logarithmic)", series, rows, is_log=True)


def _cold_plot(results: Results) -> Bars:
    table = _find(results, "cold")
    rows = tuple(
        (f"{row[0]}, {row[1]}".removesuffix(", –"), tuple(_figure(cell) for cell in row[2:5] if cell != "–"))
        for row in table.rows
    )
    return Bars("CPU of a cold start, in boto3 with two clients", ("import", "with clients", "with first event"), rows)


def _warm_plot(results: Results) -> Bars:
    table = _find(results, "warm")
    rows = tuple(
        (f"{sender}, {slack}, {destinations} dest., claims {claims}".removesuffix(", claims –"), (_figure(relative),))
        for sender, slack, destinations, claims, relative, *_ in table.rows
    )
    return Bars("Alarms a second, in a requests.Session loop (logarithmic)", ("alarms a second",), rows, is_log=True)


def _lost_plot(results: Results) -> Bars:
    series = tuple(fault.name for fault in FAULTS)
    return Bars(f"Lost of {faulty.SIZES[0]:,} alerts, %", series, _by_sender(_find(results, STORM)), ".0f")


DRAWN: Mapping[str, Callable[[Results], Bars]] = {
    "policy": _policy_plot,
    "cold": _cold_plot,
    "warm": _warm_plot,
    "lost": _lost_plot,
}


def _by_sender(table: Table) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Return for each sender the lost share under each fault."""
    shares: dict[str, list[float]] = {}
    for _, sender, lost, *_ in table.rows:
        if sender != faulty.LIMIT:
            shares.setdefault(str(sender), []).append(_figure(lost))
    return tuple((sender, tuple(lost)) for sender, lost in shares.items())


def _find(results: Results, name: str) -> Table:
    return next(table for table in results.tables if table.name == name)


def _figure(cell: Cell) -> float:
    return cell.median if isinstance(cell, Spread) else float(cell)


if __name__ == "__main__":
    main()
