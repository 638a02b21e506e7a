import pytest

from tests.conservation.conservation import conserves

PARTS = 4
EXAMPLES = 500
"""In each part: 2,000 schedules in all, always the same ones; `make prove` plays others, 50,000 of them."""


@pytest.mark.parametrize("number", range(PARTS))
def test_no_alert_is_lost_and_what_is_repeated_has_a_cause(number: int) -> None:
    conserves(number, EXAMPLES)()
