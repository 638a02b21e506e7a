"""sam local invoke: every function with every event that concerns it, in Lambda's container."""

import pytest

from tests.support.events import EVENTS
from tests.support.invocations import WITHOUT_AWS, Expect
from tests.support.sam_local import SamLocal

CASES = [(function, event, expect) for function, events in WITHOUT_AWS.items() for event, expect in events.items()]


@pytest.mark.parametrize(("function", "event", "expect"), CASES, ids=[f"{one[0]}-{one[1]}" for one in CASES])
def test_nothing_is_lost_where_no_aws_can_be_reached(
    without_aws: SamLocal, function: str, event: str, expect: Expect
) -> None:
    answer = without_aws.invoke(function, EVENTS / f"{event}.json")
    assert answer.value.get("errorMessage", answer.value) == expect(event), answer.log
