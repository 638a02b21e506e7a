import hashlib
import json
import re
import tomllib
from pathlib import Path

from holdfast_cli.checkout.packaging import package
from holdfast_cli.checkout.release import version, write_artifacts, write_checksums
from holdfast_cli.sam import ROOT
from tests.unit.holdfast_cli.checkout.test_packaging import build


def test_the_folder_has_code_templates_link_and_texts_with_checksums(tmp_path: Path) -> None:
    packaged = package({arch: build(tmp_path / arch, f"# {arch}") for arch in ("arm64", "x86_64")}, tmp_path / "out")
    dist = tmp_path / "dist"
    dist.mkdir()
    write_artifacts(packaged, dist)
    write_checksums(dist)
    texts = {
        "template.json",
        "serverless-repository.json",
        "launch-link.txt",
        "requirements.txt",
        "LICENSE",
        "README.md",
    }
    assert {one.name for one in dist.iterdir()} == {*packaged.files, *texts, "SHA256SUMS"}
    assert json.loads((dist / "template.json").read_text()) == packaged.template
    assert f"holdfast/{version()}/template.json" in (dist / "launch-link.txt").read_text()
    digest = hashlib.sha256((dist / "LICENSE").read_bytes()).hexdigest()
    assert f"{digest}  LICENSE\n" in (dist / "SHA256SUMS").read_text()


def names(text: str) -> set[str]:
    return set(re.findall(r"^([a-z][a-z0-9-]*)", text, re.MULTILINE))


def test_the_wheel_needs_the_packages_of_the_layer_and_those_that_are_locked() -> None:
    project = tomllib.loads((ROOT / "release/pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = names("\n".join(project["dependencies"]))
    assert names((ROOT / "layers/retry/requirements.in").read_text(encoding="utf-8")) <= needed
    assert needed == names((ROOT / "requirements/release.in").read_text(encoding="utf-8"))
