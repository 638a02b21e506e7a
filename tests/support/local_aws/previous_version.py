"""The source tree of the version before lanes, from the history of this repository."""

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

from holdfast_cli.failures import CommandFailed
from holdfast_cli.sam import ROOT

PREVIOUS_VERSION = "96bd820"


def write_tree(folder: Path) -> None:
    """Write template, functions and layers; raise CommandFailed if the clone does not have that commit."""
    archived = subprocess.run(  # noqa: S603 - our own history
        ["git", "archive", PREVIOUS_VERSION, "template.yaml", "functions", "layers"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archived.returncode:
        raise CommandFailed(
            f"the version before lanes is not in this clone: {archived.stderr.decode(errors='replace').strip()}",
            "fetch the whole history: git fetch --unshallow",
        )
    with tarfile.open(fileobj=BytesIO(archived.stdout)) as archive:
        archive.extractall(folder, filter="data")
