"""The files of `make release`, a bare environment with the wheel, and an empty local AWS."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.clients import local_environment
from demo.platform import LocalAws
from demo.slack.standin import SlackStandin

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"


@pytest.fixture(scope="session")
def wheel() -> Path:
    (path,) = DIST.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bin of an environment with the wheel and the packages of dist/requirements.txt, and nothing else."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    uv = str(ROOT / ".tools/uv/bin/uv")
    for command in (
        [uv, "venv", "--quiet", "--no-python-downloads", "--python", sys.executable, str(folder)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(folder), str(DIST / "requirements.txt")],
        [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(folder), str(wheel)],
    ):
        subprocess.run(command, check=True)  # noqa: S603 - our own uv
    return folder / "bin"


@pytest.fixture(scope="session")
def slack() -> Iterator[SlackStandin]:
    with SlackStandin() as standin:
        yield standin


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws() as platform:
        yield platform


def run(aws: LocalAws, folder: Path, *command: str | Path, stdin: str = "") -> str:
    """Return the output of a command that must succeed, run in another folder and with no path to this checkout."""
    environment = local_environment(os.environ, aws.endpoint) | {"PATH": "/usr/bin:/bin"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(  # noqa: S603 - our own commands
        [*map(str, command)], cwd=folder, env=environment, input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
