"""make prove: break each promise on purpose, in a copy of the source, and check that a test fails.

The mutations are in broken_promises.toml. A line for each names the first test that fails. Exits 1 if no test notices a
mutation. `python -m tests.prove.broken_promises "drop the commit"` checks the named mutations only.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.prove import first_failure
from tests.prove.first_failure import FIRST_FAILURE

ROOT = Path(__file__).parents[2]
SOURCES = ("functions", "layers/retry")
TESTS = (
    "tests/unit/shared_state",
    "tests/unit/record_batch",
    "tests/unit/slack_alerts/delivery",
    "tests/unit/slack_alerts/pictures",
    "tests/unit/slack_alerts/test_muting.py",
    "tests/unit/routes",
    "tests/unit/aws_actions/calling",
    "tests/conservation/test_fault_catalogue.py",
    "tests/conservation/test_crashes.py",
    "tests/conservation/test_action_storms.py",
    "tests/conservation/test_pictures.py",
    "tests/conservation/test_mutes.py",
    "tests/conservation/test_conservation.py",
    "tests/conservation/test_redriven.py",
    "tests/conservation/test_outages.py",
)
"""Run in this order until one fails, the quick ones first."""
FAILED = re.compile(
    r"^(?:FAILED|ERROR) \S+::(?P<test>[^\s\[]+)\S*(?: - AssertionError: \[['\"](?P<sentence>.+?)['\"][,\]])?",
    re.MULTILINE,
)
OPTIONS = ("-x", "-q", "--tb=line", "-rfE", "-p", "no:cacheprovider", "-p", first_failure.__name__)
PROCESSES = 2
"""Mutations that are checked at the same time."""
LIMIT = 600.0
"""Seconds for one run of tests. A mutation that exceeds it is noticed too."""


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
            raise ValueError(f"{self.name}: its text is {source.count(self.old)} times in {self.file}")
        path.write_text(source.replace(self.old, self.new))


def load() -> list[Mutation]:
    text = Path(__file__).with_suffix(".toml").read_text()
    return [Mutation(**one) for one in tomllib.loads(text)["mutation"]]


def failing_test(mutation: Mutation) -> str:
    """Return the first test that fails with the mutation; "" if none does."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        for source in SOURCES:
            shutil.copytree(ROOT / source, tree / source)
        mutation.apply(tree)
        return next(filter(None, (run(tree, tests) for tests in TESTS)), "")


def run(tree: Path, tests: str) -> str:
    """Return the first of these tests that fails over the sources of the tree; "" if none does."""
    path = os.pathsep.join([*(str(tree / source) for source in SOURCES), str(ROOT)])  # before the editable install
    command = [sys.executable, "-m", "pytest", *OPTIONS, f"--hypothesis-profile={FIRST_FAILURE}", tests]
    environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "300"}
    try:
        run = subprocess.run(  # noqa: S603 - our own tests
            command, cwd=ROOT, env=environment, timeout=LIMIT, check=False, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        return f"{tests} does not end within {LIMIT:.0f} s"
    if run.returncode == 0:
        return ""
    found = FAILED.search(run.stdout)
    if found is None:
        sys.exit(run.stdout[-4000:] + run.stderr[-4000:])
    return f"{found['test']}: {found['sentence']}" if found["sentence"] else found["test"]


def main(names: list[str]) -> int:
    """Check the mutations of these names, or all; print the test that notices each."""
    mutations = [one for one in load() if not names or one.name in names]
    if unknown := set(names) - {one.name for one in mutations}:
        sys.exit(f"no such mutation: {', '.join(sorted(unknown))}")
    found: dict[str, str] = {}
    with ThreadPoolExecutor(PROCESSES) as pool:
        for mutation, test in zip(mutations, pool.map(failing_test, mutations), strict=True):
            found[mutation.name] = test
            print(f"{len(found)} of {len(mutations)}: {mutation.name}: {test or 'NO TEST FAILS'}", flush=True)
    missed = [name for name, test in found.items() if not test]
    print(f"{len(mutations) - len(missed)} of {len(mutations)} broken promises are noticed")
    for name in missed:
        print(f"not noticed: {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
