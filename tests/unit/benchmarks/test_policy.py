import pytest

from benchmarks import async_callers
from benchmarks.policy import CASES, ONE_FAILURE, PERMANENT, SUCCESS, goals, tables
from benchmarks.policy_callers import (
    HOOKED,
    LIBRARIES,
    LOOP,
    OURS,
    PermanentError,
    callers,
    fail,
    fail_then_succeed,
    succeed,
    without_pauses,
)
from benchmarks.tables import Table, unreached

NAMES = [*callers(succeed)]
GOOD = {case: dict.fromkeys(NAMES, 1.5) | dict.fromkeys(LIBRARIES, 60.0) for case in CASES}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "bare call"])
def test_each_caller_repeats_a_transient_failure_and_raises_a_permanent_one(name: str) -> None:
    assert callers(succeed)[name]() == 1
    with without_pauses():
        assert callers(fail_then_succeed)[name]() == 1
    with pytest.raises(PermanentError):
        callers(fail)[name]()


def test_the_table_has_a_row_for_each_caller_and_the_loop_is_the_unit() -> None:
    table, in_async = tables(rounds=1, calls=1)
    assert [row[0] for row in table.rows] == NAMES
    assert [row[0] for row in in_async.rows] == [*async_callers.callers(async_callers.succeed)]
    for one in (table, in_async):
        loop = next(row for row in one.shown_rows if row[0] == LOOP)
        assert loop[1:4] == ["1.00 (1.00–1.00)"] * len(CASES)


@pytest.mark.parametrize(
    ("case", "caller", "cost", "missed"),
    [
        (SUCCESS, OURS[0], 2.1, 1),
        (SUCCESS, HOOKED, 2.1, 1),
        (PERMANENT, OURS[1], 2.1, 1),
        (PERMANENT, HOOKED, 9.0, 0),  # a goal that does not fail the command yet
        (ONE_FAILURE, OURS[0], 30.0, 0),
        (SUCCESS, "stamina", 22.0, 3),  # less than 15 times each of ours
    ],
)
def test_a_cost_beyond_its_bound_misses_a_goal(case: str, caller: str, cost: float, missed: int) -> None:
    changed = GOOD | {case: GOOD[case] | {caller: cost}}
    assert all(goal.is_reached for goal in goals(GOOD))
    found = goals(changed)
    assert any(not goal.is_reached for goal in found)
    assert len(unreached([Table("policy", "", (), (), found)])) == missed
