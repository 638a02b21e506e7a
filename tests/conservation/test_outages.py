"""docs/guarantees.md shows what `make outages` prints, and every bound holds."""

from benchmarks.outages import results, table
from benchmarks.page import PAGE


def test_the_page_shows_what_the_outages_cost_and_every_bound_holds() -> None:
    found = results()
    assert [sentence for result in found for sentence in result.broken_bounds()] == []
    assert table(found) in PAGE.read_text()
