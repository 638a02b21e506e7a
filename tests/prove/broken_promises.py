"""make prove: break each promise on purpose, in a copy of the source, and see the property or its neighbours go red.

The ways to break them stand in broken_promises.toml. Exits 1 where one of them changes nothing that a test sees.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.prove import first_failure
from tests.prove.first_failure import FIRST_FAILURE

ROOT = Path(__file__).parents[2]
SOURCES = ("functions", "layers/retry")
TESTS = (
    *(
        f"tests/conservation/test_{name}.py"
        for name in ("fault_catalogue", "crashes", "conservation", "redriven", "outages")
    ),
    "tests/unit/record_batch",
)
"""The first that goes red is the one that is told."""
FAILED = re.compile(
    r"^(?:FAILED|ERROR) \S+::(?P<test>[^\s\[]+)\S*(?: - AssertionError: \[['\"](?P<sentence>.+?)['\"][,\]])?",
    re.MULTILINE,
)
OPTIONS = ("-x", "-q", "--tb=line", "-rfE", "-p", "no:cacheprovider", "-p", first_failure.__name__)
LIMIT = 600.0
"""Seconds for one run; a mutant that never ends is noticed too."""


@dataclass(frozen=True, slots=True)
class Mutation:
    name: str
    file: str
    old: str
    new: str

    def apply(self, tree: Path) -> None:
        path = tree / self.file
        source = path.read_text()
        if source.count(self.old) != 1:
            raise ValueError(f"{self.name}: what it changes stands {source.count(self.old)} times in {self.file}")
        path.write_text(source.replace(self.old, self.new))


def load() -> list[Mutation]:
    text = Path(__file__).with_suffix(".toml").read_text()
    return [Mutation(**one) for one in tomllib.loads(text)["mutation"]]


def noticed(mutation: Mutation) -> str:
    """The test that goes red; "" where none does."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        for source in SOURCES:
            shutil.copytree(ROOT / source, tree / source)
        mutation.apply(tree)
        return next(filter(None, (red(tree, tests) for tests in TESTS)), "")


def red(tree: Path, tests: str) -> str:
    """The first of these tests that fails over the sources in that tree."""
    path = os.pathsep.join([*(str(tree / source) for source in SOURCES), str(ROOT)])  # before the editable install
    command = [sys.executable, "-m", "pytest", *OPTIONS, f"--hypothesis-profile={FIRST_FAILURE}", tests]
    environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "300"}
    try:
        run = subprocess.run(  # noqa: S603 - our own tests
            command, cwd=ROOT, env=environment, timeout=LIMIT, check=False, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        return f"{tests} never ends"
    if run.returncode == 0:
        return ""
    found = FAILED.search(run.stdout)
    if found is None:
        sys.exit(run.stdout[-4000:] + run.stderr[-4000:])
    return f"{found['test']}: {found['sentence']}" if found["sentence"] else found["test"]


def main(names: list[str]) -> int:
    """Break these promises, or all."""
    table = Table("mutation", "what goes red")
    missed = False
    for mutation in load():
        if names and mutation.name not in names:
            continue
        test = noticed(mutation)
        missed = missed or not test
        table.add_row(mutation.name, test or "[bold red]NOTHING")
    Console(width=160).print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
