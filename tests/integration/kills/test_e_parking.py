"""E2: killed around the parking, an alert is parked twice at most, never acknowledged unparked, and can be redriven."""

import pytest

from tests.support.handlers.killed import KillPoint
from tests.support.local_aws.process_pipeline import LAPSED, ProcessPipeline

REFUSED = "/400?body=invalid_payload"
CLOSED = "/404?body=no_service"


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
    pipeline: ProcessPipeline, step: str, left: int, before: int, after: int
) -> None:
    pipeline.slack.refuse = {"bad": REFUSED}
    pipeline.send("bad", "good")
    pipeline.invoke(KillPoint(step))
    assert (pipeline.left, pipeline.parked) == (left, before)
    assert pipeline.invoke(later=LAPSED) == []
    assert (pipeline.left, pipeline.parked) == (0, after)
    assert len(pipeline.posts("good")) == 1


@pytest.mark.parametrize("refused", [REFUSED, CLOSED], ids=["refused", "closed"])
@pytest.mark.parametrize("step", ["before parking", "after parking", "after parked", "end"])
def test_e2_an_alert_refused_by_two_destinations_can_be_redriven_after_any_kill(
    pipeline: ProcessPipeline, refused: str, step: str
) -> None:
    """Its own destination is closed, the default one refuses it too: each has a row of it."""
    pipeline.slack.answers = [CLOSED]
    pipeline.send("team-bad")
    assert pipeline.invoke() == []
    pipeline.slack.refuse = {"bad": refused}
    pipeline.invoke(KillPoint(step))
    assert pipeline.invoke(later=LAPSED) == []
    assert pipeline.left == 0
    assert pipeline.parked in {1, 2}
    pipeline.slack.refuse = {}
    posted = len(pipeline.slack.requests)
    pipeline.redrive()
    assert pipeline.invoke(later=LAPSED) == []
    assert len(pipeline.slack.requests) == posted + 1
    assert len(pipeline.posts("team-bad", to="team")) == 2
    assert (pipeline.left, pipeline.parked) == (0, 0)
