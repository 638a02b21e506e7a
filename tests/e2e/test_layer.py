"""The layer as `sam build` makes it: of hashed packages only, small, and the same bytes each time."""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from demo.clients import local_environment
from demo.platform import PARAMETERS, LocalAws
from holdfast_cli.sam import ROOT, SAM

REQUIREMENTS = ROOT / "layers/retry/requirements.txt"
LARGEST = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def layer(aws: LocalAws) -> Path:
    return aws.build() / "RetryLayer/python"


def contents(folder: Path) -> Iterator[tuple[str, Path]]:
    """(path, file) in the order of the paths; without what is compiled and what starts pip's commands."""
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and "__pycache__" not in path.parts and path.parts[0] != "bin":
            yield str(path), file


def fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path, file in contents(folder):
        digest.update(path.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def test_each_package_of_the_layer_is_pinned_by_hash_at_the_version_that_is_in_it(layer: Path) -> None:
    text = REQUIREMENTS.read_text().replace("\\\n", " ")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+) +--hash=sha256:", text, flags=re.MULTILINE))
    assert len(pinned) == len(re.findall(r"^[a-z]", text, flags=re.MULTILINE))
    found = {
        one.metadata["Name"].lower().replace("_", "-"): one.version for one in metadata.distributions(path=[str(layer)])
    }
    assert found == pinned


def test_the_layer_stays_small(layer: Path) -> None:
    size = sum(file.stat().st_size for _, file in contents(layer))
    assert size < LARGEST, f"{size / 1024 / 1024:.1f} MB"


def test_a_second_build_makes_the_same_bytes(layer: Path, tmp_path: Path) -> None:
    overrides = [f"{name}={value}" for name, value in PARAMETERS.items()]
    environment = local_environment(os.environ, "http://127.0.0.1:9")
    environment["PATH"] = f"{SAM.parent}:{environment['PATH']}"
    subprocess.run(  # noqa: S603 - our own tools, no shell
        [
            SAM,
            "build",
            "RetryLayer",
            "--no-cached",
            "--build-dir",
            tmp_path / "again",
            "--parameter-overrides",
            *overrides,
        ],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=180,
    )
    assert fingerprint(tmp_path / "again/RetryLayer/python") == fingerprint(layer)
