"""Copies of the built artifacts that trust the loopback server: as they are, and without their bytecode."""

import shutil
import subprocess
from pathlib import Path

from holdfast_cli.sam import ROOT

RUNTIME = ROOT / ".tools/runtime"
"""The packages of Lambda's runtime, such as boto3."""
AS_BUILT, SOURCE = "as built", "without bytecode"


def variants(build: Path, folder: Path, ca_file: Path) -> dict[str, Path]:
    """Make the copies in the folder; compile the packages of the runtime, as Lambda's are."""
    subprocess.run([RUNTIME / "bin/python", "-m", "compileall", "-q", "-j", "2", RUNTIME / "lib"], check=True)  # noqa: S603 - our own interpreter
    return {
        AS_BUILT: _copy(build, folder / "as-built", ca_file),
        SOURCE: _copy(build, folder / "without-bytecode", ca_file, "__pycache__"),
    }


def _copy(build: Path, folder: Path, ca_file: Path, *ignored: str) -> Path:
    """Copy the artifacts; the copy also trusts the loopback server."""
    shutil.copytree(build, folder, symlinks=True, ignore=shutil.ignore_patterns(*ignored))
    bundle = folder / "RetryLayer/python/certifi/cacert.pem"
    bundle.write_bytes(bundle.read_bytes() + ca_file.read_bytes())
    return folder
