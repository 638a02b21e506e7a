"""The sizes of the built artifacts, and the modules that a cold alert imports."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.cold_stack import FUNCTIONS, ColdStack
from benchmarks.cold_variants import AS_BUILT
from benchmarks.tables import Cell, Column, Goal, Table
from holdfast_cli.artifacts import LARGEST

SHOWN = 5
"""Largest packages of the layer to show."""
COLUMNS = (
    Column("artifact"),
    Column("unpacked, KB", ",.0f"),
    Column("zipped, KB", ",.0f"),
    Column("files", ",d"),
    Column("bytecode, KB", ",.0f"),
    Column("modules after the first event", ",.0f"),
)


def package(stack: ColdStack, started: Mapping[tuple[str, str], Mapping[str, float]]) -> Table:
    """Return a row for the layer, for its largest packages, and for each function."""
    build = stack.builds[AS_BUILT]
    layer = build / "RetryLayer/python"
    packages = sorted((one for one in layer.iterdir() if one.is_dir()), key=lambda one: -unpacked(one))[:SHOWN]
    rows: list[tuple[Cell, ...]] = [("layer", *sizes(layer), "–")]
    rows += [(f"layer: {one.name}", *sizes(one), "–") for one in packages]
    for name, logical in FUNCTIONS.items():
        rows.append((name, *sizes(build / logical), started[name, AS_BUILT]["modules"]))
    largest = Goal("layer, KB", unpacked(layer), LARGEST / 1024, ",.0f", is_required=True)
    return Table("package", "The artifacts, as built", COLUMNS, tuple(rows), (largest,))


def sizes(folder: Path) -> tuple[Cell, ...]:
    """Return KB unpacked and zipped, the number of files, and KB of bytecode."""
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(str(file.relative_to(folder)), file.read_bytes())
    return unpacked(folder), packed.tell() / 1024, len(files), bytecode(folder)


def unpacked(folder: Path) -> float:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1024


def bytecode(folder: Path) -> float:
    return sum(one.stat().st_size for one in folder.rglob("*.pyc")) / 1024
