"""E2: killed around the parking, an alert is parked twice at most, never acknowledged unparked, and can be redriven."""

import pytest

from tests.support.handlers.mortal import Death
from tests.support.local_aws.killed_pipeline import LAPSED, KillRoad
from tests.support.slack.loopback import Answer

REFUSED = Answer(400, b"invalid_payload")
CLOSED = Answer(404, b"no_service")


@pytest.mark.parametrize(
    ("step", "left", "before", "after"),
    [
        ("before parking", 2, 0, 1),
        ("after parking", 2, 1, 2),
        ("before parked", 2, 1, 2),
        ("after parked", 2, 1, 1),
        ("end", 0, 1, 1),
    ],
)
def test_e2_a_crash_around_the_parking_leaves_it_parked_once_or_twice(
    road: KillRoad, step: str, left: int, before: int, after: int
) -> None:
    road.slack.refuse = {"bad": REFUSED}
    road.send("bad", "good")
    road.invoke(Death(step))
    assert (road.left, road.parked) == (left, before)
    assert road.invoke(later=LAPSED) == []
    assert (road.left, road.parked) == (0, after)
    assert len(road.posts("good")) == 1


@pytest.mark.parametrize("refused", [REFUSED, CLOSED], ids=["refused", "closed"])
@pytest.mark.parametrize("step", ["before parking", "after parking", "after parked", "end"])
def test_e2_what_two_destinations_refused_can_be_redriven_whenever_the_process_died(
    road: KillRoad, refused: Answer, step: str
) -> None:
    """Its own destination is closed, the default one refuses it too: each has a row of it."""
    road.slack.answers = [CLOSED]
    road.send("team-bad")
    assert road.invoke() == []
    road.slack.refuse = {"bad": refused}
    road.invoke(Death(step))
    assert road.invoke(later=LAPSED) == []
    assert road.left == 0
    assert road.parked in {1, 2}
    road.slack.refuse = {}
    posted = len(road.slack.requests)
    road.redrive()
    assert road.invoke(later=LAPSED) == []
    assert len(road.slack.requests) == posted + 1
    assert len(road.posts("team-bad", to="team")) == 2
    assert (road.left, road.parked) == (0, 0)
