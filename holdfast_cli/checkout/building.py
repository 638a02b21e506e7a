"""`sam build` of this checkout, then the packaging of its folders."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from holdfast_cli.artifacts import prepare
from holdfast_cli.checkout.packaging import package
from holdfast_cli.deployment.packaged import Packaged
from holdfast_cli.failures import CommandFailed
from holdfast_cli.progress import Show
from holdfast_cli.sam import ROOT, SAM

FOLDER = ROOT / ".local" / "package"
SHOWN_EVERY = 1.0
LAST_LINES = 25


def build_checkout(architectures: Sequence[str], show: Show, folder: Path = FOLDER) -> Packaged:
    """Build and package this checkout for each architecture. Raise CommandFailed."""
    shutil.rmtree(folder, ignore_errors=True)
    builds = {one: folder / f"build-{one}" for one in architectures}
    for architecture, build in builds.items():
        run_sam_build(architecture, build, folder / f"build-{architecture}.log", show)
        prepare(build)
    show("packaging")
    return package(builds, folder / "artifacts")


def run_sam_build(architecture: str, build: Path, log: Path, show: Show) -> None:
    """Run `sam build` into a folder, without a cache; show the last line of its output."""
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [
        *(str(SAM), "build", "--config-file", str(ROOT / "samconfig.toml"), "--config-env", "prod"),
        *("--build-dir", str(build), "--template-file", str(ROOT / "template.yaml")),
        *("--parameter-overrides", f"Architecture={architecture}"),
    ]
    path = f"{SAM.parent}:{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "PATH": path}
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - our own sam
        except OSError as error:
            raise CommandFailed(f"{SAM} cannot be run: {error.strerror}", "run: make setup") from error
        try:
            while process.poll() is None:
                show(f"sam build ({architecture}): {_last_line(log)}")
                _wait(process)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        problem = "\n".join(log.read_text(errors="replace").rstrip().splitlines()[-LAST_LINES:])
        raise CommandFailed(
            f"sam build did not succeed:\n{problem}",
            "fix the error above; if it is about the package index, check the network and the proxy",
        )


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(SHOWN_EVERY)
    except subprocess.TimeoutExpired:
        return


def _last_line(log: Path) -> str:
    lines = [one.strip() for one in log.read_text(errors="replace").splitlines() if any(map(str.isalnum, one))]
    return lines[-1] if lines else "starting"
