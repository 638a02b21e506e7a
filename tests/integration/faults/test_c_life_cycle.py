"""Rows C1, C8 and C9 of the fault catalogue: time, the first event, and what a frozen environment keeps."""

from tests.integration.faults.conftest import OVERRUN, Road, Roads, threads
from tests.integration.faults.test_f_secrets import STORE_ERRORS, break_ssm
from tests.support.handlers.slack_alerts import store
from tests.support.samples.events import sns_body


def test_c1_what_there_is_no_time_for_is_reported_and_comes_back_at_once(road: Road) -> None:
    road.stack.digest_from = 0
    road.play(then="/late?seconds=0.5")
    left = road.send(*"abcdefgh", seconds=5.0 + 2.6)
    assert road.took <= 2.6 + OVERRUN
    assert 3 <= len(left) <= 7
    assert left == [f"m{number}" for number in range(9 - len(left), 9)]
    assert road.posts <= 9 - len(left)
    head, *others = (road.hidden[one.replace("m", "r")] for one in left)
    assert (head <= 7, set(others)) == (True, {0})  # a post may have been cut off by the deadline


def test_c1_without_any_time_nothing_is_sent_and_all_is_reported(plain_road: Road) -> None:
    assert plain_road.send("a", "b", seconds=5.0) == ["m1", "m2"]
    assert plain_road.connections == 0


def test_c8_a_first_event_with_the_secret_store_down_is_for_later(roads: Roads) -> None:
    for error in STORE_ERRORS:
        road = roads.open()
        with roads.monkeypatch.context() as patched:
            break_ssm(patched, error)
            assert road.send("a", "b") == ["m1", "m2"]
        assert road.connections == 0
        assert road.send("a", "b") == []


def test_c9_an_environment_that_was_frozen_posts_with_the_secret_of_now_and_leaves_no_thread(road: Road) -> None:
    before = threads()
    assert road.send("a") == []
    assert threads() == before
    new = road.kind.renewed()
    store(new.secret(road.slack.url("")))
    road.kind = new
    road.play()
    with road.stack.thawed(301.0):
        assert road.send(sns_body("b", message_id="sns-2")) == []
    assert threads() == before
    secret = getattr(new, "token", new.path)
    assert [secret in str(vars(request)) for request in road.slack.requests] == [False, True]
