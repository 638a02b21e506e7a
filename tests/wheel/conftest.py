import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Return the output of a command that must succeed."""
    environment = os.environ | environment
    found = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our tools
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


@pytest.fixture(scope="session")
def wheel() -> Path:
    (path,) = (ROOT / ".local" / "wheel").glob("*.whl")
    return path


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an environment into which pip has installed the wheel with its extras, and nothing else."""
    return environment_with(tmp_path_factory.mktemp("bare"), f"{wheel}[requests,boto3]")


def environment_with(folder: Path, *requirements: str | Path) -> Path:
    """Make an environment with these requirements, in the versions of requirements/dev.txt; return its folder."""
    run(sys.executable, "-m", "venv", folder)
    (folder / "pinned.txt").write_text(pinned())
    run(folder / "bin" / "pip", "install", "--quiet", "-c", folder / "pinned.txt", *requirements)
    return folder


def pinned() -> str:
    """Return the versions without hashes: pip would ask for a hash of the wheel too."""
    lines = re.findall(r"^\S+==\S+", (ROOT / "requirements" / "dev.txt").read_text(), re.MULTILINE)
    return "\n".join(lines)
