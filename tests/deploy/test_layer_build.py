import hashlib
import os
import subprocess
from pathlib import Path

from demo.clients import local_environment
from demo.platform import PARAMETERS
from holdfast_cli.sam import ROOT, SAM


def build(folder: Path) -> str:
    """Build the layer into a folder; return a digest of its files without bytecode and pip's start scripts."""
    environment = local_environment(os.environ, "http://127.0.0.1:9")
    environment["PATH"] = f"{SAM.parent}:{environment['PATH']}"
    overrides = [f"{name}={value}" for name, value in PARAMETERS.items()]
    command: list[str | Path] = [
        SAM,
        "build",
        "RetryLayer",
        "--no-cached",
        "--build-dir",
        folder,
        "--parameter-overrides",
        *overrides,
    ]
    subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True, timeout=180)  # noqa: S603 - our own tools
    digest = hashlib.sha256()
    layer = folder / "RetryLayer/python"
    for file in sorted(layer.rglob("*")):
        path = file.relative_to(layer)
        if file.is_file() and "__pycache__" not in path.parts and path.parts[0] != "bin":
            digest.update(str(path).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def test_two_builds_of_the_layer_have_the_same_bytes(tmp_path: Path) -> None:
    assert build(tmp_path / "first") == build(tmp_path / "second")
