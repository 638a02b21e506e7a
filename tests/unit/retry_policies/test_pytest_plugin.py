import subprocess
import sys
from pathlib import Path

import pytest

from retry_policies import RetryPolicy
from retry_policies.testing import FakeTime, Script
from tests.support.steps.failing import FOUR, Failure

POLICY = FOUR.with_(name="of the code under test")
SLEEP = POLICY.sleep


@POLICY
def decorated(script: Script) -> object:
    return script()


@POLICY
async def asynchronous(script: Script) -> object:
    return script()


@pytest.mark.parametrize("_", range(2))
def test_a_controlled_policy_is_on_the_fake_clock_wherever_it_is_used(retry_time: FakeTime, _: int) -> None:
    assert POLICY.sleep is SLEEP  # released after the test before
    retry_time.control(POLICY)
    assert decorated(Script(retry_time, Failure(), Failure(), "done", takes=0.25)) == "done"
    assert retry_time.slept == [0.5, 1.0]
    assert retry_time.now == 2.25


def test_a_released_policy_is_as_it_was() -> None:
    policy = RetryPolicy(name="shop")
    before = {name: getattr(policy, name) for name in ("clock", "sleep", "async_sleep", "uniform")}
    time = FakeTime()
    time.control(policy)
    time.control(policy)
    assert policy.clock == time.clock
    time.release()
    assert {name: getattr(policy, name) for name in before} == before


INNER = """
import asyncio
from retry_policies.testing import Script
from tests.unit.retry_policies.test_pytest_plugin import POLICY, Failure, asynchronous

def test_it(retry_time):
    retry_time.control(POLICY)
    assert asyncio.run(asynchronous(Script(retry_time, Failure(), "done"))) == "done"
    assert retry_time.slept == [0.5]
"""


def test_the_plugin_has_the_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_inner.py").write_text(INNER)
    options = (
        "-q",
        "--rootdir",
        tmp_path,
        "-p",
        "retry_policies.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
    )
    run = subprocess.run(  # noqa: S603 - our own test
        [sys.executable, "-m", "pytest", *options, tmp_path], check=False, capture_output=True, text=True
    )
    assert "1 passed" in run.stdout, run.stdout + run.stderr
