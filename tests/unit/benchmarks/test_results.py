from pathlib import Path

from benchmarks.results import Results, read, write
from benchmarks.tables import Column, Goal, Spread, Table


def test_results_survive_the_file(tmp_path: Path) -> None:
    table = Table("t", "T", (Column("µs", ".1f"),), ((Spread(1.0, 0.5, 2.0),),), (Goal("g", 1.0, 2.0),))
    results = Results({"command": "make bench"}, (table,))
    write(results, tmp_path / "results.json")
    assert read(tmp_path / "results.json") == results
