import pytest

from tests.conservation.conservation import PROPERTIES, conserves

PARTS = 4
EXAMPLES = 500
"""In each part: 2,000 schedules of each function, always the same ones; `make prove` plays others, 50,000 of each."""


@pytest.mark.parametrize("function", PROPERTIES)
@pytest.mark.parametrize("number", range(PARTS))
def test_no_record_is_lost_and_what_is_repeated_has_a_cause(function: str, number: int) -> None:
    conserves(function, number, EXAMPLES)()
