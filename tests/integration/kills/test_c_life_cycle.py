"""C: the process is killed at each step of a delivery, and the next one finds what it left."""

import pytest

from tests.support.handlers.mortal import Death
from tests.support.local_aws.killed_pipeline import LAPSED, KillRoad
from tests.support.slack.loopback import Answer

UNKNOWN = [True]
"""Posted once, marked as a possible duplicate: the process died holding the claim."""
ONCE = [False]
TWICE = [False, True]
CLOSED = Answer(404, b"no_service")


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
def test_c2_of_a_batch_that_is_cut_off_only_what_was_claimed_is_in_doubt(
    road: KillRoad, step: str, posts: list[list[bool]]
) -> None:
    road.environment["DIGEST_FROM"] = "0"
    road.send("first", "second", "third")
    road.invoke(Death(step, nth=2))
    assert road.left == 3
    assert road.posts("third") == []
    assert road.invoke(later=LAPSED) == []
    assert [road.posts(name) for name in ("first", "second", "third")] == posts
    assert (road.left, road.parked) == (0, 0)


@pytest.mark.parametrize(
    ("death", "posts"),
    [
        (Death("before post"), [UNKNOWN] * 3),
        (Death("after post"), [TWICE] * 3),
        (Death("after posted"), [ONCE, TWICE, TWICE]),
        (Death("after posted", nth=3), [ONCE] * 3),
    ],
    ids=["unposted", "uncommitted", "one committed", "all committed"],
)
def test_c2_a_digest_that_is_cut_off_is_followed_by_single_alerts(
    road: KillRoad, death: Death, posts: list[list[bool]]
) -> None:
    road.send("first", "second", "third")
    road.invoke(death)
    assert road.left == 3
    assert road.invoke(later=LAPSED) == []
    assert [road.posts(name) for name in ("first", "second", "third")] == posts
    assert (road.left, road.parked) == (0, 0)


def test_c3_a_crash_between_post_and_commit_ends_in_one_marked_repeat(road: KillRoad) -> None:
    road.send("alarm")
    road.invoke(Death("before posted"))
    assert road.posts("alarm") == ONCE
    assert road.invoke(later=LAPSED) == []
    assert road.posts("alarm") == TWICE
    assert (road.left, road.parked) == (0, 0)


def test_c3_while_the_dead_process_may_still_be_posting_nobody_else_does(road: KillRoad) -> None:
    road.send("alarm")
    road.invoke(Death("after post"))
    assert len(road.invoke()) == road.left == 1
    assert road.posts("alarm") == ONCE
    assert road.invoke(later=LAPSED) == []
    assert road.posts("alarm") == TWICE


def test_c3_a_crash_in_the_middle_of_its_attempts_is_one_that_may_have_arrived(road: KillRoad) -> None:
    road.slack.answers = [Answer(500, b"rollup_error")]
    road.send("alarm")
    road.invoke(Death("before post", nth=2))
    assert road.invoke(later=LAPSED) == []
    assert road.posts("alarm") == TWICE


def test_c3_an_alert_that_dies_after_each_post_is_parked_after_five_of_them_beside_another(road: KillRoad) -> None:
    road.send("crasher")
    road.invoke(Death("after post"))
    for turn in range(1, 6):
        road.send(f"other-{turn}")
        road.invoke(Death("after post", "crasher"), later=LAPSED * turn)
        assert (road.posts(f"other-{turn}"), road.left, road.parked) == (ONCE, 1, 0)
    assert road.invoke(later=LAPSED * 6) == []
    assert road.posts("crasher") == [False, True, True, True, True, True]
    assert (road.left, road.parked) == (0, 1)


def test_c3_an_alert_that_dies_after_each_post_alone_is_tried_every_fifteen_minutes(road: KillRoad) -> None:
    road.send("crasher")
    for turn in range(5):
        road.invoke(Death("after post"), later=LAPSED * turn)
    assert len(road.invoke(later=LAPSED * 5)) == 1
    assert road.posts("crasher") == [False, True, True, True, True]
    assert (road.left, road.parked) == (1, 0)
    assert road.invoke(later=LAPSED * 5 + 900.0) == []
    assert len(road.posts("crasher")) == 6


@pytest.mark.parametrize(("step", "left"), [("after posted", 1), ("end", 0)])
def test_c4_a_crash_after_the_commit_is_a_duplicate(road: KillRoad, step: str, left: int) -> None:
    road.send("alarm")
    road.invoke(Death(step))
    assert road.left == left  # a lane deletes its records itself, before the response
    assert road.invoke() == []
    assert road.posts("alarm") == ONCE
    assert (road.left, road.parked) == (0, 0)


@pytest.mark.parametrize("step", ["before sending", "after sending", "after free", "end"])
def test_c4_an_alert_that_moves_to_the_default_lane_is_posted_there_once(road: KillRoad, step: str) -> None:
    road.slack.refuse = {"B000/team": CLOSED}
    road.send("team-alarm")
    road.invoke(Death(step))
    for turn in (1, 2):
        assert road.invoke(later=LAPSED * turn) == []
    assert road.posts("team-alarm") == ONCE
    assert len(road.posts("team-alarm", to="team")) == (1 if step == "end" else 2)
    assert (road.left, road.parked) == (0, 0)


def test_c2_a_death_while_the_lane_is_in_doubt_keeps_it_waiting_for_one_lease_and_no_longer(road: KillRoad) -> None:
    road.slack.answers = [Answer(500, b"")] * 8
    road.send("alarm")
    assert len(road.invoke()) == len(road.invoke()) == 1
    road.invoke(Death("before post"))
    assert len(road.invoke()) == 1
    assert len(road.posts("alarm")) == 8
    assert road.invoke(later=LAPSED) == []
    assert road.posts("alarm")[-1] is True
    assert road.left == 0


def test_c5_a_record_that_kills_takes_no_other_along(road: KillRoad) -> None:
    good = [f"good-{number}" for number in range(4)]
    road.send(*good[:2], "killer", *good[2:])
    for turn in range(12):
        road.invoke(Death("before post", "killer"), later=LAPSED * turn)
        road.send(f"other-{turn}")
        if road.parked:
            break
    assert [road.posts(name) for name in good] == [UNKNOWN] * 4
    assert road.posts("killer") == []
    assert road.parked == 1
