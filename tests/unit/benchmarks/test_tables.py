import json

import pytest

from benchmarks.tables import Cell, Column, Goal, Spread, Table, unreached


@pytest.mark.parametrize(
    ("cell", "text"),
    [("–", "–"), (1234.5, "1,234.5"), (Spread(2.0, 1.0, 3.25), "2.0 (1.0–3.2)")],
)
def test_a_column_shows_a_text_a_figure_and_a_spread(cell: Cell, text: str) -> None:
    assert Column("s", ",.1f").show(cell) == text


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        (Goal("cost", 2.0, 2.0), "reached"),
        (Goal("cost", 2.1, 2.0), "not reached"),
        (Goal("rate", 2.0, 2.0, is_least=True), "reached"),
        (Goal("rate", 1.9, 2.0, is_least=True), "not reached"),
    ],
)
def test_a_goal_is_reached_at_its_bound(goal: Goal, verdict: str) -> None:
    assert goal.shown[3] == verdict


def test_only_a_required_goal_can_be_missed() -> None:
    goals = (Goal("a", 2.0, 1.0), Goal("b", 2.0, 1.0, is_required=True), Goal("c", 1.0, 1.0, is_required=True))
    assert [goal.text for goal in unreached([Table("t", "", (), (), goals)])] == ["b"]


def test_a_table_survives_json() -> None:
    columns = (Column("name"), Column("s", ".1f"), Column("alerts", ",d"))
    table = Table("t", "T", columns, (("a", Spread(1.0, 0.5, 2.0), 3),), (Goal("g", 1.0, 2.0, is_required=True),))
    assert Table.from_json(json.loads(json.dumps(table.as_json()))) == table
