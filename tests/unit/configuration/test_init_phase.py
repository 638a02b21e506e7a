import subprocess
import sys

import pytest

from configuration.init_phase import call_at_init


class Wire:
    def __init__(self, error: Exception | None = None) -> None:
        self.calls = 0
        self.error = error

    def __call__(self) -> None:
        self.calls += 1
        if self.error is not None:
            raise self.error


def test_the_steps_are_built_in_the_init_phase_of_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    wire = Wire()
    call_at_init(wire)
    assert wire.calls == 1


def test_elsewhere_an_import_builds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_LAMBDA_RUNTIME_API", raising=False)
    wire = Wire()
    call_at_init(wire)
    assert wire.calls == 0


def test_a_failure_is_left_to_the_first_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    wire = Wire(ValueError("DESTINATIONS_PATH is missing"))
    call_at_init(wire)
    assert wire.calls == 1


COLLECTIONS = """
import gc, configuration
def collections(): return sum(one["collections"] for one in gc.get_stats())
before = collections()
import slack_alerts.app
print(collections() - before)
"""


def test_a_cold_start_collects_no_garbage() -> None:
    done = subprocess.run([sys.executable, "-c", COLLECTIONS], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert int(done.stdout) <= 1
