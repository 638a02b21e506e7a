"""The wheel of the retry policies, as a stranger installs it."""

import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.text.tutorial import EXAMPLES, PAGE, output, shown_output
from tests.wheel.conftest import ROOT, environment_with, pinned, run

pytestmark = pytest.mark.wheel

PACKAGE = ROOT / "layers" / "retry" / "retry_policies"
CONSUMER = ROOT / "tests" / "wheel" / "consumer.py"


def files_of(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_has_the_files_of_the_layer(wheel: Path) -> None:
    found = {name: data for name, data in files_of(wheel).items() if ".dist-info/" not in name}
    sources = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert found == {f"retry_policies/{path.relative_to(PACKAGE)}": path.read_bytes() for path in sources}
    assert found["retry_policies/py.typed"] == b""


def test_the_wheel_has_the_licence(wheel: Path) -> None:
    (licence,) = (data for name, data in files_of(wheel).items() if name.endswith("/licenses/LICENSE"))
    assert licence == (ROOT / "LICENSE").read_bytes()


def test_a_second_build_from_another_folder_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    for name in ("wheel", "layers/retry/retry_policies"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    hatchling = ROOT / ".tools" / "wheel" / "bin" / "hatchling"
    run(
        hatchling,
        "build",
        "--target",
        "wheel",
        "--directory",
        tmp_path / "dist",
        cwd=tmp_path / "wheel",
        TZ="Asia/Tokyo",
    )
    assert (tmp_path / "dist" / wheel.name).read_bytes() == wheel.read_bytes()


def test_a_package_index_would_take_the_wheel(wheel: Path) -> None:
    run(ROOT / ".tools" / "wheel" / "bin" / "twine", "check", "--strict", wheel)


def test_pip_finds_no_conflict(bare: Path) -> None:
    assert run(bare / "bin" / "python", "-m", "pip", "check") == "No broken requirements found.\n"


def test_tenacity_alone_comes_with_the_wheel(wheel: Path) -> None:
    (metadata,) = (data for name, data in files_of(wheel).items() if name.endswith("/METADATA"))
    required = [line for line in metadata.decode().splitlines() if line.startswith("Requires-Dist: ")]
    assert [line for line in required if "extra ==" not in line] == ["Requires-Dist: tenacity>=9.1"]


SCRIPT = """
import importlib, pkgutil, retry_policies
for module in pkgutil.iter_modules(retry_policies.__path__, "retry_policies."):
    if module.name != "retry_policies.pytest_plugin":
        importlib.import_module(module.name)
from retry_policies.presets import AWS_READ
from retry_policies.testing import FakeTime, Script
time = FakeTime()
print(time.policy(AWS_READ.with_(classifier=retry_policies.RetryPolicy().classifier)).call(
    None, Script(time, ConnectionRefusedError(), "done")), time.slept)
"""


def test_every_module_works_with_tenacity_alone_and_pytest_finds_the_fixture(wheel: Path, tmp_path: Path) -> None:
    python = environment_with(tmp_path / "alone", wheel) / "bin" / "python"
    assert run(python, "-c", SCRIPT, cwd=tmp_path) == "done [0.05]\n"
    run(python, "-m", "pip", "install", "--quiet", "-c", tmp_path / "alone" / "pinned.txt", "pytest")
    (tmp_path / "test_fixture.py").write_text("def test_it(retry_time):\n    assert retry_time.slept == []\n")
    assert "1 passed" in run(python, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", tmp_path, cwd=tmp_path)


def test_the_commands_of_the_tutorial_install_the_wheel_and_run_the_first_step(wheel: Path, tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    first, *commands = block.replace("/tmp/tutorial", str(tmp_path / "tutorial")).splitlines()  # noqa: S108 - of the page
    assert first == "make wheel"
    assert wheel.exists()  # this has just been made
    (tmp_path / "pinned.txt").write_text(pinned())
    script = "\n".join(commands)
    printed = run("bash", "-euc", script, PIP_CONSTRAINT=str(tmp_path / "pinned.txt"), PIP_QUIET="1")
    assert re.sub(r"[0-9.]+ s", "0.0 s", printed) == shown_output()["step_1_post"]  # in real time


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", "--python-executable"],
        [shutil.which("pyright") or "pyright", "--pythonpath"],
    ],
)
def test_a_type_checker_of_another_project_sees_the_types(command: list[str], bare: Path, tmp_path: Path) -> None:
    shutil.copy(CONSUMER, tmp_path)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "enableTypeIgnoreComments": false}')
    run(*command, bare / "bin" / "python", "consumer.py", cwd=tmp_path)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_the_examples_of_the_tutorial_print_what_the_page_shows(bare: Path, example: Path) -> None:
    assert output(bare / "bin" / "python", example) == shown_output()[example.stem]


def test_the_example_of_the_readme_runs_in_the_bare_environment(bare: Path, tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "wheel" / "README.md").read_text(), re.DOTALL)
    (tmp_path / "shop.py").write_text(block)
    code = "import shop, retry_policies; print(retry_policies.__file__, shop.POLICY.name)"
    path, name = run(bare / "bin" / "python", "-c", code, cwd=tmp_path).split()
    assert Path(path).is_relative_to(bare)
    assert name == "prices"
