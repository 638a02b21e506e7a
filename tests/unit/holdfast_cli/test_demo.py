import os
import sys

import pytest

from holdfast_cli import demo
from holdfast_cli.failures import Exit
from tests.unit.holdfast_cli.command import Run


def test_the_demonstration_takes_the_place_of_the_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, words: started.append(words))
    monkeypatch.setattr(os, "chdir", lambda _folder: None)
    run("demo", "--keep")
    run("demo", "--console")
    assert started == [[sys.executable, "-m", "demo.run", option] for option in ("--keep", "--console")]


def test_a_package_without_a_checkout_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "IS_CHECKOUT", False)
    monkeypatch.setattr(os, "execv", lambda _program, words: pytest.fail(str(words)))
    finished = run("demo")
    assert finished.code == Exit.USAGE
    assert "to do:  clone the repository, then: make demo" in finished.err
