"""Rows C1, C8 and C9 of the fault catalogue: time, the first event, a frozen environment."""

from tests.integration.faults.conftest import OVERRUN, Pipeline, Pipelines, threads
from tests.integration.faults.test_f_secrets import STORE_ERRORS
from tests.support.handlers.slack_alerts import store
from tests.support.samples.events import sns_body


def test_c1_alerts_that_do_not_fit_are_reported_and_return_at_once(pipeline: Pipeline) -> None:
    pipeline.stack.digest_from = 0
    pipeline.play(then="/late?seconds=0.5")
    left = pipeline.send(*"abcdefgh", seconds=5.0 + 2.6)
    assert pipeline.took <= 2.6 + OVERRUN
    assert 3 <= len(left) <= 7
    assert left == [f"m{number}" for number in range(9 - len(left), 9)]
    assert pipeline.posts <= 9 - len(left)
    head, *others = (pipeline.hidden[one.replace("m", "r")] for one in left)
    assert (head <= 7, set(others)) == (True, {0})  # a post may have been cut off by the deadline


def test_c1_without_time_nothing_is_sent_and_all_are_reported(plain: Pipeline) -> None:
    assert plain.send("a", "b", seconds=5.0) == ["m1", "m2"]
    assert plain.connections == 0


def test_c8_a_first_event_with_the_secret_store_down_is_for_later(pipelines: Pipelines) -> None:
    for error in STORE_ERRORS:
        pipeline = pipelines.open()
        pipeline.stack.ssm.failing["get_parameter"] = error
        assert pipeline.send("a", "b") == ["m1", "m2"]
        assert pipeline.connections == 0
        pipeline.stack.ssm.failing.clear()
        assert pipeline.send("a", "b") == []


def test_c9_a_thawed_environment_posts_with_the_current_secret_and_leaves_no_thread(pipeline: Pipeline) -> None:
    before = threads()
    assert pipeline.send("a") == []
    assert threads() == before
    new = pipeline.kind.renewed()
    store(new.secret(pipeline.slack.url("")))
    pipeline.kind = new
    pipeline.play()
    pipeline.stack.uptime = 301.0
    assert pipeline.send(sns_body("b", message_id="sns-2")) == []
    assert threads() == before
    secret = getattr(new, "token", new.path)
    assert [secret in str(vars(request)) for request in pipeline.slack.requests] == [False, True]
