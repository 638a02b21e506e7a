import pytest
import tenacity

from retry_policies import Classification, ErrorKind, RetryPolicy
from retry_policies.testing import FakeTime, Script
from tests.support.steps.callers import BOTH, Caller
from tests.support.steps.failing import FOUR, Failure

EAGER = RetryPolicy(classifier=lambda _: Classification(ErrorKind.TRANSIENT))


@BOTH
@pytest.mark.parametrize("error", [tenacity.TryAgain(), tenacity.RetryError(tenacity.Future(1))])
def test_an_error_of_tenacitys_own_is_an_error_like_any_other(caller: Caller, error: Exception) -> None:
    time = FakeTime()
    assert caller(time.policy(EAGER), None, Script(time, error, error, "done")) == "done"
    with pytest.raises(type(error)) as raised:
        caller(time.policy(EAGER), None, Script(time, *[error] * 4))
    assert raised.value is error


@BOTH
def test_the_pauses_are_slept_by_the_policys_own_sleep(caller: Caller) -> None:
    time = FakeTime()
    caller(time.policy(FOUR), None, Script(time, Failure(), Failure(), "done"))
    assert time.slept == [0.5, 1.0]
