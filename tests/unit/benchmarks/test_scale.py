import pytest

from benchmarks.load import Load
from benchmarks.scale import ALONE, HELD, bounds, paper, tables


@pytest.mark.parametrize(
    ("load", "seconds"),
    [
        (Load(1_000), {"Slack": 100 * HELD, "lanes": 5 * HELD}),
        (Load(1_000, 10, 2), {"Slack": 10 * HELD, "lanes": 50 * HELD}),
        (Load(1_000, 1_000, 20), {"Slack": ALONE, "lanes": 5 * ALONE}),  # an alert that is alone is not held
    ],
)
def test_a_storm_takes_a_second_for_each_digest_of_a_channel_and_for_each_batch(
    load: Load, seconds: dict[str, float]
) -> None:
    assert {name: paper(load)[name] for name in seconds} == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("load", "reads", "named"),
    [
        (Load(1_000), 1, "Slack"),
        (Load(1_000, 10, 2), 1, "lanes"),
        (Load(1_000, 100, 20), 122, "lanes, SSM's 40 a second"),
        (Load(1_000_000, 100, 1_000), 0, "Slack, FIFO's 120,000"),
        (Load(1_000_000), 0, "Slack"),  # no other lane waits
    ],
)
def test_the_slowest_part_and_the_limits_of_aws_are_named(load: Load, reads: int, named: str) -> None:
    assert bounds(load, reads) == named


def test_small_storms_are_compared_with_paper_and_large_ones_are_on_paper_only() -> None:
    (table,) = tables((Load(100), Load(1_000_000)))
    small, large = table.shown_rows
    assert small[3] != "–"
    assert large[3] == "–"
    assert all(goal.is_reached for goal in table.goals)
