"""E2: killed around the parking, an alert is parked twice at most and never acknowledged unparked."""

import pytest

from tests.support.kill_road import LAPSED, KillRoad
from tests.support.loopback_slack import Answer
from tests.support.mortal import Death

REFUSED = Answer(400, b"invalid_payload")


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("before parking", 0, 1),
        ("after parking", 1, 2),
        ("before parked", 1, 2),
        ("after parked", 1, 1),
        ("end", 1, 1),
    ],
)
def test_e2_a_crash_around_the_parking_leaves_it_parked_once_or_twice(
    road: KillRoad, step: str, before: int, after: int
) -> None:
    road.slack.refuse = {"bad": REFUSED}
    road.send("bad", "good")
    road.invoke(Death(step))
    assert (road.left, road.parked) == (2, before)
    assert road.invoke(later=LAPSED) == []
    assert (road.left, road.parked) == (0, after)
    assert road.posts("good") == [False]
