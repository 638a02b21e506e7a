"""E2: killed around the parking, an alert is parked twice at most, never acknowledged unparked, and can be redriven."""

import pytest

from tests.support.kill_road import LAPSED, KillRoad
from tests.support.loopback_slack import Answer
from tests.support.mortal import Death

REFUSED = Answer(400, b"invalid_payload")
CLOSED = Answer(404, b"no_service")


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


@pytest.mark.parametrize(
    ("refused", "step", "nth"),
    [
        (REFUSED, "after parking", 1),
        (REFUSED, "after parked", 1),
        (REFUSED, "after parked", 2),
        (CLOSED, "after parked", 1),
    ],
    ids=["before its rows", "between its rows", "after its rows", "between its rows, both closed"],
)
def test_e2_what_two_destinations_refused_can_be_redriven_whenever_the_process_died(
    road: KillRoad, refused: Answer, step: str, nth: int
) -> None:
    """Its own destination is closed, the default one refuses it too: each has a row of it."""
    road.slack.answers = [CLOSED, refused, refused]
    road.send("team-bad")
    road.invoke(Death(step, nth=nth))
    road.slack.answers = [CLOSED, refused, refused]
    assert road.invoke(later=LAPSED) == []
    assert road.left == 0
    assert road.parked in {1, 2}
    road.slack.answers.clear()
    posted = len(road.slack.requests)
    road.redrive()
    assert road.invoke(later=LAPSED) == []
    assert len(road.slack.requests) == posted + 1
    assert (road.left, road.parked) == (0, 0)
