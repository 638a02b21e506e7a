import pytest

from tests.conservation.conservation import PROPERTIES, conserves

PARTS = 4
EXAMPLES = 500
"""Schedules of each part, the same in every run. `make prove` plays 50,000 others of each function."""


@pytest.mark.parametrize("function", PROPERTIES)
@pytest.mark.parametrize("number", range(PARTS))
def test_no_record_is_lost_and_each_repetition_has_a_cause(function: str, number: int) -> None:
    conserves(function, number, EXAMPLES)()
