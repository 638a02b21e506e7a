"""C: the process is killed at each step of a delivery, and the next one finds what it left."""

import pytest

from tests.support.kill_road import LAPSED, KillRoad
from tests.support.loopback_slack import Answer
from tests.support.mortal import Death

UNKNOWN = [True]
"""Posted once, and says that it may be a second one: the process died holding the claim, and nobody knows when."""
ONCE = [False]
TWICE = [False, True]


@pytest.mark.parametrize(
    ("step", "second"),
    [
        ("before claimed", ONCE),
        ("after claimed", UNKNOWN),
        ("before post", UNKNOWN),
        ("after post", TWICE),
        ("after posted", ONCE),
    ],
)
def test_c2_of_a_batch_that_is_cut_off_only_what_was_being_posted_is_in_doubt(
    road: KillRoad, step: str, second: list[bool]
) -> None:
    road.send("first", "second", "third")
    road.invoke(Death(step, nth=2))
    assert road.left == 3
    assert road.posts("third") == []
    assert road.invoke(later=LAPSED) == []
    assert [road.posts(name) for name in ("first", "second", "third")] == [ONCE, second, ONCE]
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


def test_c3_an_alert_that_dies_after_each_post_is_parked_after_five(road: KillRoad) -> None:
    road.send("alarm")
    for number in range(5):
        road.invoke(Death("after post"), later=LAPSED * number)
    assert road.posts("alarm") == [False, True, True, True, True]
    assert road.invoke(later=LAPSED * 5) == []
    assert len(road.posts("alarm")) == 5
    assert (road.left, road.parked, road.dead) == (0, 1, 0)


@pytest.mark.parametrize("step", ["after posted", "end"])
def test_c4_a_crash_after_the_commit_is_a_duplicate(road: KillRoad, step: str) -> None:
    road.send("alarm")
    road.invoke(Death(step))
    assert road.left == 1
    assert road.invoke() == []
    assert road.posts("alarm") == ONCE
    assert (road.left, road.parked) == (0, 0)


@pytest.mark.parametrize(
    ("death", "posts", "knocks"),
    [
        (Death("before posted"), TWICE, 2),
        (Death("after posted"), ONCE, 2),
        (Death("after posted", nth=2), ONCE, 1),
    ],
    ids=["before both", "between them", "after both"],
)
def test_c4_an_alert_for_two_destinations_is_committed_at_both(
    road: KillRoad, death: Death, posts: list[bool], knocks: int
) -> None:
    """What its own destination refused, the default one has: that is noted there, and then here."""
    refused = Answer(404, b"no_service")
    road.slack.answers = [refused]
    road.send("team-alarm")
    road.invoke(death)
    road.slack.answers = [refused] * (knocks - 1)
    assert road.invoke(later=LAPSED) == []
    road.send("team-alarm")
    assert road.invoke(later=LAPSED) == []
    assert road.posts("team-alarm") == posts
    assert len(road.posts("team-alarm", to="team")) == knocks
    assert (road.left, road.parked) == (0, 0)


def test_c2_a_probe_that_dies_keeps_the_others_out_for_one_pause_and_no_longer(road: KillRoad) -> None:
    road.slack.answers = [Answer(429, b"rate_limited", (("Retry-After", "60"),))]
    road.send("alarm")
    assert len(road.invoke()) == 1
    road.invoke(Death("after open"), later=61)
    assert len(road.invoke(later=62)) == 1
    assert len(road.posts("alarm")) == 1
    assert road.invoke(later=61 + LAPSED) == []
    assert road.posts("alarm") == TWICE
    assert road.left == 0


def test_c5_a_record_that_kills_after_its_claim_takes_no_other_along(road: KillRoad) -> None:
    """What kills before that comes back apart from its neighbours: tests/conservation holds it."""
    good = [f"good-{number}" for number in range(4)]
    road.send(*good[:2], "killer", *good[2:])
    turns = 0
    while road.left:
        road.invoke(Death("before post", "killer"), later=LAPSED * turns)
        turns += 1
    assert [road.posts(name) for name in good] == [ONCE] * 4
    assert (road.parked, road.dead) == (1, 0)
