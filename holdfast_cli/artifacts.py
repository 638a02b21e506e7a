"""Prepare the folder of `sam build` for Lambda: remove unused modules, add bytecode.

Lambda cannot write bytecode into its read-only folders, so each cold start would compile every module again.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.sam import ROOT

BUILD = ROOT / ".aws-sam/build"
LAYER = "RetryLayer"
LARGEST = 8 * 1024 * 1024
"""Bytes of the layer, with its bytecode."""
POWERTOOLS = "python/aws_lambda_powertools"
KEPT_UTILITIES = frozenset({"__init__.py", "jmespath_utils", "serialization.py", "typing"})
"""The utilities that Powertools' Logger and Metrics import. The rest and event_handler are half of the layer."""


def prepare(build: Path) -> int:
    """Remove unused modules of a fresh build and compile the rest; return the bytes of the layer.

    Raise CommandFailed if Powertools lacks an expected part, as after an upgrade, or if the layer is too large.
    """
    remove_unused(build / LAYER)
    for artifact in sorted(entry for entry in build.iterdir() if entry.is_dir()):
        compile_artifact(artifact, "/opt" if artifact.name == LAYER else "/var/task")
    size = sum(file.stat().st_size for file in (build / LAYER).rglob("*") if file.is_file())
    if size > LARGEST:
        raise CommandFailed(
            f"the layer has {size} bytes, more than {LARGEST}",
            "list what a dependency added: du -a .aws-sam/build/RetryLayer | sort -n",
        )
    return size


def remove_unused(layer: Path) -> None:
    events, utilities = layer / POWERTOOLS / "event_handler", layer / POWERTOOLS / "utilities"
    found = set(utilities.glob("*"))
    kept = {utilities / name for name in KEPT_UTILITIES}
    if not (events.is_dir() and kept <= found):
        raise CommandFailed(
            "Powertools in the layer is not as expected",
            "build again; after an upgrade correct KEPT_UTILITIES in holdfast_cli/artifacts.py",
        )
    for folder in (events, *filter(Path.is_dir, found - kept)):
        shutil.rmtree(folder)


def compile_artifact(artifact: Path, root: str) -> None:
    """Write bytecode that Python loads without checking the source, with the paths under `root`.

    PYTHONHASHSEED fixes the order of sets in the bytecode: two builds have the same bytes.
    """
    command = [
        *(sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"),
        *("-s", str(artifact), "-p", root, str(artifact)),
    ]
    subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "0"}, check=True)  # noqa: S603 - this Python, no shell


def main() -> int:
    """Prepare the build of `make build`."""
    print(f"the layer: {prepare(BUILD) // 1024} KB, of {LARGEST // 1024} at most")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
