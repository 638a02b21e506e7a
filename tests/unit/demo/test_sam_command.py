from pathlib import Path

import pytest

from demo.sam_command import run_sam
from holdfast_cli.failures import CommandFailed

LOCAL = "http://127.0.0.1:1"


def sam(folder: Path, script: str) -> Path:
    path = folder / "sam"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "words"),
    [("echo first; echo ' second '; echo -----", "second"), ("true", "still running, without output")],
)
def test_the_last_line_with_words_is_shown_while_it_runs(tmp_path: Path, script: str, words: str) -> None:
    shown: list[str] = []
    ended = tmp_path / "ended"

    def show(line: str) -> None:
        shown.append(line)
        if line.endswith(words):  # on a slow machine earlier lines come first
            ended.touch()

    script += f"; until [ -e {ended} ]; do sleep 0.01; done"
    run_sam("build", endpoint=LOCAL, log=tmp_path / "log", show=show, every=0.05, sam=sam(tmp_path, script))
    assert shown[-1] == f"sam build: {words}"


def test_a_failure_shows_the_output(tmp_path: Path) -> None:
    broken = sam(tmp_path, "echo no such bucket; exit 1")
    with pytest.raises(CommandFailed, match="sam deploy did not succeed:\nno such bucket"):
        run_sam("deploy", endpoint=LOCAL, log=tmp_path / "log", show=lambda _: None, sam=broken)


def test_it_gets_the_arguments_and_reaches_the_local_aws_only(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = 'echo "$@"; echo "$AWS_ENDPOINT_URL"'
    run_sam("build", "--no-cached", endpoint=LOCAL, log=log, show=lambda _: None, sam=sam(tmp_path, script))
    arguments, endpoint = log.read_text().splitlines()
    assert arguments.startswith("build --config-file")
    assert arguments.endswith("--config-env local --no-cached")
    assert endpoint == LOCAL
