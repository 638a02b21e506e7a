"""C: the process is killed at each step of a delivery, and the next one finds what it left."""

import pytest

from tests.support.fault_server.behaviours import ask
from tests.support.handlers.killed import KillPoint
from tests.support.local_aws.process_pipeline import LAPSED, ProcessPipeline

UNKNOWN = [True]
"""Posted once, marked as a possible duplicate: the process died holding the claim."""
ONCE = [False]
TWICE = [False, True]
CLOSED = "/404?body=no_service"


@pytest.mark.parametrize(
    ("step", "posts"),
    [
        ("before claimed", [UNKNOWN, ONCE, ONCE]),
        ("after claimed", [UNKNOWN, UNKNOWN, ONCE]),
        ("before post", [ONCE, UNKNOWN, UNKNOWN]),
        ("after post", [ONCE, TWICE, UNKNOWN]),
        ("after posted", [ONCE, ONCE, UNKNOWN]),
    ],
)
def test_c2_of_a_killed_batch_only_claimed_alerts_are_in_doubt(
    pipeline: ProcessPipeline, step: str, posts: list[list[bool]]
) -> None:
    pipeline.environment["DIGEST_FROM"] = "0"
    pipeline.send("first", "second", "third")
    pipeline.invoke(KillPoint(step, nth=2))
    assert pipeline.left == 3
    assert pipeline.posts("third") == []
    assert pipeline.invoke(later=LAPSED) == []
    assert [pipeline.posts(name) for name in ("first", "second", "third")] == posts
    assert (pipeline.left, pipeline.parked) == (0, 0)


@pytest.mark.parametrize(
    ("point", "posts"),
    [
        (KillPoint("before post"), [UNKNOWN] * 3),
        (KillPoint("after post"), [TWICE] * 3),
        (KillPoint("after posted"), [ONCE, TWICE, TWICE]),
        (KillPoint("after posted", nth=3), [ONCE] * 3),
    ],
    ids=["unposted", "uncommitted", "one committed", "all committed"],
)
def test_c2_a_digest_that_is_cut_off_is_followed_by_single_alerts(
    pipeline: ProcessPipeline, point: KillPoint, posts: list[list[bool]]
) -> None:
    pipeline.send("first", "second", "third")
    pipeline.invoke(point)
    assert pipeline.left == 3
    assert pipeline.invoke(later=LAPSED) == []
    assert [pipeline.posts(name) for name in ("first", "second", "third")] == posts
    assert (pipeline.left, pipeline.parked) == (0, 0)


def test_c3_a_crash_between_post_and_commit_ends_in_one_marked_repeat(pipeline: ProcessPipeline) -> None:
    pipeline.send("alarm")
    pipeline.invoke(KillPoint("before posted"))
    assert pipeline.posts("alarm") == ONCE
    assert pipeline.invoke(later=LAPSED) == []
    assert pipeline.posts("alarm") == TWICE
    assert (pipeline.left, pipeline.parked) == (0, 0)


def test_c3_while_the_dead_process_may_still_be_posting_nobody_else_does(pipeline: ProcessPipeline) -> None:
    pipeline.send("alarm")
    pipeline.invoke(KillPoint("after post"))
    assert len(pipeline.invoke()) == pipeline.left == 1
    assert pipeline.posts("alarm") == ONCE
    assert pipeline.invoke(later=LAPSED) == []
    assert pipeline.posts("alarm") == TWICE


def test_c3_a_crash_in_the_middle_of_its_attempts_is_one_that_may_have_arrived(pipeline: ProcessPipeline) -> None:
    pipeline.slack.answers = ["/500"]
    pipeline.send("alarm")
    pipeline.invoke(KillPoint("before post", nth=2))
    assert pipeline.invoke(later=LAPSED) == []
    assert pipeline.posts("alarm") == TWICE


def test_c3_an_alert_that_dies_after_each_post_is_parked_after_five_of_them_beside_another(
    pipeline: ProcessPipeline,
) -> None:
    pipeline.send("crasher")
    pipeline.invoke(KillPoint("after post"))
    for number in range(1, 6):
        pipeline.send(f"other-{number}")
        pipeline.invoke(KillPoint("after post", "crasher"), later=LAPSED * number)
        assert (pipeline.posts(f"other-{number}"), pipeline.left, pipeline.parked) == (ONCE, 1, 0)
    assert pipeline.invoke(later=LAPSED * 6) == []
    assert pipeline.posts("crasher") == [False, True, True, True, True, True]
    assert (pipeline.left, pipeline.parked) == (0, 1)


def test_c3_an_alert_that_dies_after_each_post_alone_is_tried_every_fifteen_minutes(pipeline: ProcessPipeline) -> None:
    pipeline.send("crasher")
    for number in range(5):
        pipeline.invoke(KillPoint("after post"), later=LAPSED * number)
    assert len(pipeline.invoke(later=LAPSED * 5)) == 1
    assert pipeline.posts("crasher") == [False, True, True, True, True]
    assert (pipeline.left, pipeline.parked) == (1, 0)
    assert pipeline.invoke(later=LAPSED * 5 + 900.0) == []
    assert len(pipeline.posts("crasher")) == 6


@pytest.mark.parametrize(("step", "left"), [("after posted", 1), ("end", 0)])
def test_c4_a_crash_after_the_commit_is_a_duplicate(pipeline: ProcessPipeline, step: str, left: int) -> None:
    pipeline.send("alarm")
    pipeline.invoke(KillPoint(step))
    assert pipeline.left == left  # a lane deletes its records itself, before the response
    assert pipeline.invoke() == []
    assert pipeline.posts("alarm") == ONCE
    assert (pipeline.left, pipeline.parked) == (0, 0)


@pytest.mark.parametrize("step", ["before sending", "after sending", "after free", "end"])
def test_c4_an_alert_that_moves_to_the_default_lane_is_posted_there_once(pipeline: ProcessPipeline, step: str) -> None:
    pipeline.slack.refuse = {"B000/team": CLOSED}
    pipeline.send("team-alarm")
    pipeline.invoke(KillPoint(step))
    for number in (1, 2):
        assert pipeline.invoke(later=LAPSED * number) == []
    assert pipeline.posts("team-alarm") == ONCE
    assert len(pipeline.posts("team-alarm", to="team")) == (1 if step == "end" else 2)
    assert (pipeline.left, pipeline.parked) == (0, 0)


def test_c2_a_kill_while_the_lane_is_in_doubt_keeps_it_waiting_for_one_lease_and_no_longer(
    pipeline: ProcessPipeline,
) -> None:
    pipeline.slack.answers = [ask("/500", body="")] * 8
    pipeline.send("alarm")
    assert len(pipeline.invoke()) == len(pipeline.invoke()) == 1
    pipeline.invoke(KillPoint("before post"))
    assert len(pipeline.invoke()) == 1
    assert len(pipeline.posts("alarm")) == 8
    assert pipeline.invoke(later=LAPSED) == []
    assert pipeline.posts("alarm")[-1] is True
    assert pipeline.left == 0


def test_c5_a_record_that_kills_takes_no_other_along(pipeline: ProcessPipeline) -> None:
    good = [f"good-{number}" for number in range(4)]
    pipeline.send(*good[:2], "killer", *good[2:])
    for number in range(12):
        pipeline.invoke(KillPoint("before post", "killer"), later=LAPSED * number)
        pipeline.send(f"other-{number}")
        if pipeline.parked:
            break
    assert [pipeline.posts(name) for name in good] == [UNKNOWN] * 4
    assert pipeline.posts("killer") == []
    assert pipeline.parked == 1
