"""The `holdfast` command in this process."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from holdfast_cli import app


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str


type Run = Callable[..., Finished]


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command with these words."""

    def run(*words: str) -> Finished:
        monkeypatch.setattr("sys.argv", ["holdfast", *words])
        try:
            code = app.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return Finished(code, printed.out, printed.err)

    return run
