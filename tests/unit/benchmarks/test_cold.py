from benchmarks.cold import BARE, ROUNDS, STARTS, goals, starts
from benchmarks.cold_process import NOTIFIER, TWO_CLIENTS
from benchmarks.cold_variants import AS_BUILT, SOURCE

START = {"started": 0.01, "modules": 33.0}
LINE = {"started": 0.01, "imported": 0.1, "wired": 0.2, "modules": 389.0}
FAST = {"started": 0.01, "imported": 0.1, "wired": 0.15, "handled": 0.2, "modules": 500.0}
QUIET = {start: {BARE: START, TWO_CLIENTS: LINE}.get(start[0], FAST) for start in STARTS}
BUSY = {start: {stage: 3 * figure for stage, figure in found.items()} for start, found in QUIET.items()}


def test_a_busy_round_does_not_change_a_ratio() -> None:
    table = starts([QUIET, BUSY])
    row = next(row for row in table.shown_rows if row[:2] == ["slack_alerts", AS_BUILT])
    assert row[2:5] == ["0.50 (0.50–0.50)", "0.75 (0.75–0.75)", "1.00 (1.00–1.00)"]


def test_the_boto3_line_is_the_unit_and_bare_python_has_one_stage() -> None:
    bare, line, notifier, *_ = starts([QUIET]).shown_rows
    assert line[3] == "1.00 (1.00–1.00)"
    assert bare[3:5] == ["–", "–"]
    assert notifier[0] != NOTIFIER  # a reader needs the name


def test_the_goals_are_those_of_the_artifacts_as_built() -> None:
    slow = QUIET | {("slack_alerts", AS_BUILT): FAST | {"imported": 0.4, "wired": 0.5, "handled": 0.6}}
    missed = [goal.text for goal in goals([slow]) if not goal.is_reached]
    assert missed[:3] == ["slack_alerts, import", "slack_alerts, with clients", "slack_alerts, with the first alarm"]
    without_bytecode = QUIET | {("slack_alerts", SOURCE): FAST | {"imported": 9.0}}
    assert goals([without_bytecode]) == goals([QUIET])


def test_each_start_takes_part_in_each_of_the_rounds() -> None:
    assert len(set(STARTS)) == len(STARTS)
    assert ROUNDS % 2  # a median of one round
