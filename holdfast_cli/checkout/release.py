"""`make release`: everything to install a version without a checkout, in dist/."""

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from holdfast_cli.checkout.building import build_checkout
from holdfast_cli.checkout.serverless_repository import application_template
from holdfast_cli.deployment.packaged import Packaged
from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.progress import progress
from holdfast_cli.sam import ROOT

DIST = ROOT / "dist"
STAGED = ROOT / ".local" / "release"
"""The files that the wheel carries; release/pyproject.toml names this folder."""
ARCHITECTURES = ("arm64", "x86_64")
SBOMS = {"layer": "layers/retry/requirements.txt", "command": "requirements/release.txt"}
LAUNCH = (
    "https://console.aws.amazon.com/cloudformation/home?region=REGION#/stacks/create/review?stackName=holdfast"
    "&templateURL=https://BUCKET.s3.REGION.amazonaws.com/holdfast/{version}/template.json"
    "&param_ArtifactsBucket=BUCKET&param_ArtifactsPrefix=holdfast/{version}/"
)
"""The launch link; REGION and BUCKET stand for the place where the files are published."""


def main() -> int:
    """Build and write dist/."""
    with progress("sam build") as show:
        packaged = build_checkout(ARCHITECTURES, show)
        shutil.rmtree(DIST, ignore_errors=True)
        DIST.mkdir()
        write_artifacts(packaged, DIST)
        show("the wheel")
        stage(packaged)
        _run("wheel/bin/hatchling", "build", "--target", "wheel", "--directory", str(DIST), cwd=ROOT / "release")
        show("the lists of packages")
        for name, requirements in SBOMS.items():
            _run(
                *("supply/bin/cyclonedx-py", "requirements", requirements, "--pyproject", "pyproject.toml"),
                *("--output-reproducible", "-o", str(DIST / f"sbom-{name}.cdx.json")),
            )
    write_checksums(DIST)
    print("\n".join(sorted(one.name for one in DIST.iterdir())))
    return 0


def version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def write_artifacts(packaged: Packaged, folder: Path) -> None:
    """Write the code, the templates, the launch link and the texts."""
    for name, path in packaged.files.items():
        shutil.copyfile(path, folder / name)
    _write_json(folder / "template.json", packaged.template)
    _write_json(folder / "serverless-repository.json", application_template(packaged, version()))
    (folder / "launch-link.txt").write_text(LAUNCH.format(version=version()) + "\n", encoding="utf-8")
    shutil.copyfile(ROOT / "requirements/release.txt", folder / "requirements.txt")
    for name in ("LICENSE", "README.md"):
        shutil.copyfile(ROOT / "release" / name, folder / name)


def stage(packaged: Packaged) -> None:
    """Copy the files of the wheel to the folder of its build."""
    shutil.rmtree(STAGED, ignore_errors=True)
    shutil.copytree(ROOT / "events" / "kinds", STAGED / "events" / "kinds")
    for name, path in packaged.files.items():
        shutil.copyfile(path, STAGED / name)
    _write_json(STAGED / "template.json", packaged.template)


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS, in the form of sha256sum."""
    files = sorted(one for one in folder.iterdir() if one.name != "SHA256SUMS")
    lines = (f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in files)
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _run(tool: str, *arguments: str, cwd: Path = ROOT) -> None:
    command = [str(ROOT / ".tools" / tool), *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our own tools
    if done.returncode:
        raise CommandFailed(f"{tool} failed:\n{done.stdout}{done.stderr}", "make setup, then make release again")


if __name__ == "__main__":
    sys.exit(run_command(main))
