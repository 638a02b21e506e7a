"""make prove: apply each mutation of mutmut to retry_policies, and check that a test fails.

Each mutation that no test notices must be in survivors.toml with a reason. Exits 1 for a survivor without a reason, and
for a reason without its survivor. `python -m tests.prove.mutations retry_policies.backoff*` checks the named mutants.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

ROOT = Path(__file__).parents[2]
MUTMUT = ROOT / ".tools" / "prove" / "bin" / "mutmut"
LIMIT = 60 * 60.0
"""Seconds for each command of mutmut; on two idle cores all mutants take a quarter of an hour."""
PROCESSES = "4"
"""Mutants that are tested at the same time, on two cores: some only wait until their time is over."""
LEFT_OUT = (
    "test_threads.py",
    "test_typing.py",
    "typing_cases.py",
    "test_documentation.py",
    "test_howto.py",
    "test_pytest_plugin.py",
)
"""Slow tests, and tests of other things than behaviour."""
NOTICED = ("killed", "timeout")
"""Results of noticed mutants. A test that does not end is noticed too."""
NOT_RUN = "not checked"
"""The result of mutants that were not selected."""
NOT_MUTATED = ("testing.py", "pytest_plugin.py", "passing_codes.py")
"""Support of tests, and a table that is read at the import, before mutmut chooses a mutant."""
CONFIG = f"""
[tool.mutmut]
source_paths = ["retry_policies"]
do_not_mutate = {[f"retry_policies/{name}" for name in NOT_MUTATED]}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-q"]
timeout_multiplier = 6.0
timeout_constant = 5.0
"""
CONFTEST = """
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "prove",
    phases=[Phase.explicit, Phase.generate],  # no search for the smallest example
    derandomize=True,
    deadline=None,  # a busy machine is not a failure
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("prove")
"""


@dataclass(frozen=True, order=True)
class Survivor:
    function: str
    change: str
    """The changed line."""


def main(names: list[str]) -> int:
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        copy_package(tree)
        mutmut(tree, "run", "--max-children", PROCESSES, *names)
        counts, survivors = results(tree)
    explained = {Survivor(one["function"], one["change"]): one["reason"] for one in load()}
    return report(counts, survivors, explained, is_complete=not names)


def mutmut(tree: Path, *arguments: str) -> str:
    command = [str(MUTMUT), *arguments]
    run = subprocess.run(command, cwd=tree, timeout=LIMIT, check=False, capture_output=True, text=True)  # noqa: S603 - our tool
    if run.returncode != 0:
        sys.exit(run.stdout[-4000:] + run.stderr[-4000:])
    return run.stdout


def copy_package(tree: Path) -> None:
    """Copy the package and its tests side by side, as mutmut has only the top as an import root."""
    shutil.copytree(ROOT / "layers" / "retry" / "retry_policies", tree / "retry_policies")
    shutil.copytree(ROOT / "tests" / "support", tree / "tests" / "support")
    ignore = shutil.ignore_patterns("__pycache__", *LEFT_OUT)
    shutil.copytree(
        ROOT / "tests" / "unit" / "retry_policies", tree / "tests" / "unit" / "retry_policies", ignore=ignore
    )
    for folder in ("tests", "tests/unit"):
        (tree / folder / "__init__.py").touch()
    (tree / "tests" / "conftest.py").write_text(CONFTEST)
    (tree / "pyproject.toml").write_text(CONFIG)


def results(tree: Path) -> tuple[dict[str, int], set[Survivor]]:
    """Return the number of mutants by result, and those that no test noticed."""
    listed = mutmut(tree, "results", "--all", "true")
    ends = [line.strip().rpartition(": ") for line in listed.splitlines() if ": " in line]
    counts: dict[str, int] = {}
    for _, _, end in ends:
        counts[end] = counts.get(end, 0) + 1
    return counts, {survivor(tree, mutant) for mutant, _, end in ends if end not in {*NOTICED, NOT_RUN}}


def survivor(tree: Path, mutant: str) -> Survivor:
    shown = mutmut(tree, "show", mutant)
    added = [line[1:].strip() for line in shown.splitlines() if re.match(r"\+(?!\+\+)", line)]
    function = mutant.rpartition("__mutmut_")[0].replace("xǁ", "").replace("ǁ", ".").replace(".x_", ".")
    return Survivor(function.removeprefix("retry_policies."), " ".join(added))


def load() -> list[dict[str, str]]:
    survivors: list[dict[str, str]] = tomllib.loads((Path(__file__).with_name("survivors.toml")).read_text())[
        "survivor"
    ]
    return survivors


def report(
    counts: dict[str, int], survivors: set[Survivor], explained: dict[Survivor, str], *, is_complete: bool
) -> int:
    console = Console(width=160)
    table = Table("function", "change that no test notices", "reason")
    for one in sorted(survivors):
        table.add_row(one.function, escape(one.change), explained.get(one, "[bold red]NOT EXPLAINED"))
    console.print(table)
    console.print(", ".join(f"{count} {end}" for end, count in sorted(counts.items())))
    stale = sorted(set(explained) - survivors) if is_complete else []
    for one in stale:
        console.print(f"no longer survives: {one.function}: {escape(one.change)}")
    return 1 if stale or not survivors <= set(explained) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
