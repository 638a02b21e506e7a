import subprocess
import sys

import pytest

from benchmarks import cold_process
from benchmarks.cold_process import check, run


def test_bare_python_has_one_stage() -> None:
    assert run("", "").keys() == {"started", "modules"}


def test_it_imports_nothing_before_its_stages() -> None:
    printed = "import sys; before = set(sys.modules); import {}; print(*(set(sys.modules) - before))"
    code = printed.format(cold_process.__name__.rpartition(".")[2])
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        cwd=cold_process.__file__.rpartition("/")[0],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["cold_process"]


@pytest.mark.parametrize("response", [{"batchItemFailures": [{"itemIdentifier": "m1"}]}, {"stopped": "trouble"}])
def test_an_event_that_failed_is_not_measured(response: dict[str, object]) -> None:
    with pytest.raises(RuntimeError):
        check(response)


@pytest.mark.parametrize("response", [{"batchItemFailures": []}, {"stopped": "done"}])
def test_an_event_that_succeeded_is_measured(response: dict[str, object]) -> None:
    check(response)
