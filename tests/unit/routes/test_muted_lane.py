import pytest

from record_batch.lane_message import SELF_TESTS
from routes.muted_lane import MutedLane, utc_minute

LONGEST = MutedLane("d" * 64, 253_402_300_799, 999)


@pytest.mark.parametrize("lane", [MutedLane("ops-2", 1_769_864_400, 0), LONGEST])
def test_the_name_of_a_muted_lane_is_parsed_back(lane: MutedLane) -> None:
    assert MutedLane.of(lane.name) == lane
    assert len(lane.name) <= 128  # the most that SQS takes


@pytest.mark.parametrize("name", ["ops", "muted-1-2", "default", SELF_TESTS, "ops.muted-1", "ops.muted-1-2\n", ""])
def test_other_lanes_are_not_muted(name: str) -> None:
    assert MutedLane.of(name) is None


def test_the_end_of_a_mute_is_shown_in_utc_to_the_minute() -> None:
    assert utc_minute(1_769_864_459.9) == "2026-01-31 13:00 UTC"
