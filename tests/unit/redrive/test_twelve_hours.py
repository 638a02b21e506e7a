"""Slack is down for half a day, and nobody gets up: what `make outages` plays and docs/guarantees.md shows."""

from functools import cache

import pytest
from benchmarks.half_day import HALF_DAYS, Result, results, table
from benchmarks.page import PAGE


@cache
def played() -> dict[str, Result]:
    return {result.day.name: result for result in results()}


def test_the_page_shows_the_hops_probes_and_requests_of_half_a_day() -> None:
    assert table(played().values()) in PAGE.read_text()


@pytest.mark.parametrize("name", [day.name for day in HALF_DAYS if not day.has_crasher])
def test_g7_after_twelve_hours_everything_is_delivered_without_a_human(name: str) -> None:
    result = played()[name]
    assert list(result.broken_bounds()) == []
    assert result.delivered == len(result.fates)
    assert (result.redrives["parked"], result.redrives["failed"]) == (0, 0)


def test_e10_when_nothing_new_comes_probes_find_out_that_slack_is_back_and_cost_no_hop() -> None:
    result = played()["answers 503, and nothing new comes"]
    assert result.hops_while_down == 0 < result.redrives["probes"]


def test_e10_a_crasher_ends_in_parking_after_three_redrives_and_takes_nobody_with_it() -> None:
    result = played()["answers 503, and one alert kills the function"]
    assert list(result.broken_bounds()) == []
    fate = result.fates[result.crasher]
    assert (fate.posts, fate.parked, fate.dead, fate.queued) == ([], 1, 0, 0)
    assert result.parked == ("keeps_failing, 3 hops",)
    assert result.delivered == len(result.fates) - 1
