"""CI and the git hooks run targets of make; make names tests that exist."""

import re
from pathlib import Path
from typing import Any

import yaml

from tests.support.stack.template import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))


def parsed(path: str) -> Any:  # noqa: ANN401 - YAML
    return yaml.safe_load((ROOT / path).read_text())


def test_the_workflow_runs_targets_of_make_and_nothing_else() -> None:
    jobs = parsed(".github/workflows/ci.yml")["jobs"]
    steps = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert steps == ["make ${{ matrix.target }}", "make sbom"]
    targets = jobs["make"]["strategy"]["matrix"]["target"]
    assert {*targets, "sbom"} <= TARGETS
    assert targets_of_the_script() - {"test-browser"} <= set(targets)  # this one needs a browser


def test_the_workflow_may_only_read() -> None:
    assert parsed(".github/workflows/ci.yml")["permissions"] == {"contents": "read"}


def test_the_hooks_are_the_tools_of_make_check() -> None:
    [recipe] = re.findall(r"^check:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.MULTILINE)
    checked = [re.split(r"\W", line.strip("\t@"), maxsplit=1)[0] for line in recipe.splitlines()]
    hooks = [hook for repo in parsed(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    hooked = [re.split(r"\W", Path(hook["entry"].split()[0]).name, maxsplit=1)[0] for hook in hooks]
    assert hooked == checked


def test_each_test_that_make_deselects_exists() -> None:
    for path, name in re.findall(r"(tests/[\w/]+\.py)::(\w+)", MAKEFILE):
        assert f"def {name}(" in (ROOT / path).read_text(), path


def targets_of_the_script() -> set[str]:
    run = re.findall(r"^ *(?:\S*with-engine )?make ([a-z-]+)", (ROOT / ".ci/run").read_text(), flags=re.MULTILINE)
    return set(run)


def test_the_script_of_ci_runs_targets_of_make() -> None:
    assert {"check", "audit", "test", "test-wheel", "docs", "test-sam-local"} <= targets_of_the_script() <= TARGETS


def test_dependabot_looks_at_each_folder_with_requirements_and_at_the_actions() -> None:
    updates = parsed(".github/dependabot.yml")["updates"]
    folders = {"/layers/retry", "/requirements"}
    assert all(list((ROOT / folder.strip("/")).glob("*.in")) for folder in folders)
    assert {one for update in updates for one in update.get("directories", ())} == folders
    assert [update["package-ecosystem"] for update in updates] == ["pip", "github-actions"]
