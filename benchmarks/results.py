"""benchmarks/results.json: the head and the tables of the last `make bench`."""

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import Table

FILE = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Results:
    head: dict[str, str]
    tables: tuple[Table, ...]


def write(results: Results, file: Path = FILE) -> None:
    stored = {"head": results.head, "tables": [table.as_json() for table in results.tables]}
    file.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(file: Path = FILE) -> Results:
    stored = json.loads(file.read_text(encoding="utf-8"))
    return Results(stored["head"], tuple(map(Table.from_json, stored["tables"])))
