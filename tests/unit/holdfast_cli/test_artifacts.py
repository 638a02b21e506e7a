import os
import subprocess
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from holdfast_cli import artifacts
from holdfast_cli.artifacts import KEPT_UTILITIES, POWERTOOLS, prepare
from holdfast_cli.failures import CommandFailed

SOURCE = "NAMES = {'one', 'two', 'three', 'four', 'five'}\n\ndef find(name): return name in {'a', 'b', 'c', 'd'}\n"
UNCHECKED_HASH = 0b01
"""The flags of bytecode whose source Python does not look at (PEP 552)."""


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Return a folder like that of `sam build`: the layer with Powertools, and one function."""
    return new_build(tmp_path / "build")


def new_build(build: Path) -> Path:
    powertools = build / "RetryLayer" / POWERTOOLS
    utilities = (name if name.endswith(".py") else f"{name}/module.py" for name in (*KEPT_UTILITIES, "parser"))
    modules = [
        build / "Function/app/app.py",
        build / "RetryLayer/python/own/module.py",
        *(powertools / name for name in ("logging/logger.py", "event_handler/api.py")),
        *(powertools / "utilities" / name for name in utilities),
    ]
    for module in modules:
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(SOURCE)
    return build


def files(build: Path) -> dict[str, bytes]:
    return {str(file.relative_to(build)): file.read_bytes() for file in build.rglob("*") if file.is_file()}


def test_each_module_has_bytecode_that_python_trusts_without_its_source(build: Path) -> None:
    prepare(build)
    sources = list(build.rglob("*.py"))
    assert len(sources) == 3 + len(KEPT_UTILITIES)
    for source in sources:
        bytecode = (source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc").read_bytes()
        assert bytecode[:8] == MAGIC_NUMBER + UNCHECKED_HASH.to_bytes(4, "little")


def test_a_traceback_names_the_folders_of_lambda(build: Path) -> None:
    prepare(build)
    found = files(build)
    tag = sys.implementation.cache_tag
    assert b"/var/task/app/app.py" in found[f"Function/app/__pycache__/app.{tag}.pyc"]
    assert b"/opt/python/own/module.py" in found[f"RetryLayer/python/own/__pycache__/module.{tag}.pyc"]


def test_two_builds_have_the_same_bytes(build: Path, tmp_path: Path) -> None:
    other = new_build(tmp_path / "other")
    prepare(build)
    code = f"from pathlib import Path; from holdfast_cli.artifacts import prepare; prepare(Path({str(other)!r}))"
    command = [sys.executable, "-c", code]
    subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "7"}, check=True)  # noqa: S603 - this Python, no shell
    assert files(build) == files(other)


def test_packages_that_no_function_imports_are_removed(build: Path) -> None:
    prepare(build)
    powertools = build / "RetryLayer" / POWERTOOLS
    assert not (powertools / "event_handler").exists()
    assert {entry.name for entry in (powertools / "utilities").iterdir()} - {"__pycache__"} == KEPT_UTILITIES


def test_a_powertools_of_another_layout_fails_the_build(build: Path) -> None:
    prepare(build)
    with pytest.raises(CommandFailed, match="Powertools in the layer is not as expected"):
        prepare(build)


def test_a_layer_that_is_too_large_fails_the_build(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "LARGEST", 100)
    with pytest.raises(CommandFailed, match=r"the layer has [0-9]+ bytes, more than 100"):
        prepare(build)
