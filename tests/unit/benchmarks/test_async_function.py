import pytest

from benchmarks import async_function
from benchmarks.async_function import AsyncFunction
from benchmarks.notifiers import NOTIFIERS, fail, swallow
from tests.support.virtual import slack_behaviours as behaviours
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.world import World


@pytest.mark.parametrize("name", NOTIFIERS)
def test_each_notifier_delivers_every_alert_once_while_slack_is_healthy(name: str) -> None:
    with World() as world:
        function = AsyncFunction(world, NOTIFIERS[name])
        tokens = [function.publish(number, at=2.0 * number) for number in range(20)]
        world.run()
        assert [token for one in function.slack.posts for token in TOKEN.findall(one.text)] == tokens


def test_lambda_runs_a_failed_event_after_one_minute_and_two_and_then_drops_it() -> None:
    with World() as world:
        function = AsyncFunction(world, fail)
        function.slack.down(0.0, 1e9, behaviours.UNAVAILABLE)
        function.publish(1, at=0.0)
        world.run()
        assert [round(one.started) for one in function.function.invocations] == [0, 60, 180]


def test_lambda_does_not_repeat_an_event_whose_error_was_swallowed() -> None:
    with World() as world:
        function = AsyncFunction(world, swallow)
        function.slack.down(0.0, 1e9, behaviours.UNAVAILABLE)
        function.publish(1, at=0.0)
        world.run()
        assert len(function.function.invocations) == 1


def test_an_event_waits_for_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(async_function, "CONCURRENCY", 1)
    with World() as world:
        function = AsyncFunction(world, fail)
        for number in range(2):
            function.publish(number, at=0.0)
        world.run()
        first, second = function.function.invocations
        assert second.started == first.ended
