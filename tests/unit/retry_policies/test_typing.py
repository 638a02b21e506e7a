import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CASES = Path(__file__).with_name("typing_cases.py")


@pytest.mark.parametrize("command", [[sys.executable, "-m", "mypy"], [shutil.which("pyright") or "pyright"]])
def test_mypy_and_pyright_agree_that_a_policy_keeps_the_signature(command: list[str]) -> None:
    found = subprocess.run([*command, CASES], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our tools
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_cases_have_something_to_disagree_on() -> None:
    assert CASES.read_text().count("# pyright: ignore[") >= 8
