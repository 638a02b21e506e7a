"""Rules of virtual time: the order of tasks, kills, and the threads of an invocation."""

import random
from collections.abc import Callable
from functools import partial

import pytest

from retry_policies.info import ATTRIBUTE, THREAD
from tests.support.virtual.function import End, Handler, Invocation, VirtualFunction
from tests.support.virtual.operations import Moment
from tests.support.virtual.scheduler import Scheduler
from tests.support.virtual.world import World


def invoked(world: World, handler: Callable[[], object], timeout: float = 60.0) -> Invocation:
    """Run a handler in a function until the world ends."""
    environment: Handler = lambda _event, _context: handler()  # noqa: E731 - a value with a type
    invocation = VirtualFunction(world.scheduler, world.wall, lambda: environment, timeout).invoke({})
    world.run()
    return invocation


@pytest.mark.parametrize("is_gathered", [False, True])
def test_the_seed_decides_the_order_at_the_same_instant(*, is_gathered: bool) -> None:
    def first(seed: int) -> str:
        said: list[str] = []
        bodies = [partial(said.append, name) for name in "ab"]
        with World(seed) as world:
            for start in [partial(world.scheduler.gather, bodies)] if is_gathered else bodies:
                world.scheduler.spawn(start)
            world.run()
        return said[0]

    firsts = [first(seed) for seed in range(20)]
    assert set(firsts) == {"a", "b"}
    assert firsts == [first(seed) for seed in range(20)]


def test_the_world_runs_up_to_an_instant(world: World) -> None:
    woke: list[float] = []

    def body() -> None:
        world.sleep(50.0)
        woke.append(world.now)

    world.scheduler.spawn(body)
    world.at(500.0, lambda: None).cancel()
    world.run(until=20.0)
    assert (world.now, woke) == (20.0, [])
    world.run()
    assert (world.now, woke) == (50.0, [50.0])  # time does not wait for a cancelled timer


@pytest.mark.parametrize("is_gathered", [False, True])
def test_a_killed_task_ends_at_once_and_each_further_call_kills_it_again(world: World, *, is_gathered: bool) -> None:
    said: list[str] = []

    def stubborn() -> None:
        try:
            world.sleep(100.0)
        except KeyboardInterrupt:
            said.append("caught")
        try:
            world.scheduler.gather([partial(said.append, "gathered")])
        finally:
            said.append(f"at {world.now:g}")

    body = partial(world.scheduler.gather, [stubborn]) if is_gathered else stubborn
    task = world.scheduler.spawn(body)
    world.at(7.0, lambda: world.scheduler.kill(task))
    world.run()
    assert (said, world.now) == (["caught", "at 7"], 7.0)


@pytest.mark.parametrize("sleeps", [False, True])
def test_an_endless_loop_is_stopped(*, sleeps: bool) -> None:
    scheduler = Scheduler(random.Random(0), steps=1000)  # noqa: S311 - a test

    def again() -> None:
        scheduler.at(scheduler.now, again)

    def forever() -> None:
        while True:
            scheduler.sleep(1.0)

    if sleeps:
        scheduler.spawn(forever)
    else:
        again()
    with pytest.raises(RuntimeError, match="endless loop"):
        scheduler.run()
    scheduler.close()


def test_gathered_functions_run_side_by_side_and_the_caller_waits_for_all(world: World) -> None:
    said: list[str] = []

    def say(name: str, seconds: float) -> None:
        world.sleep(seconds)
        said.append(f"{name} at {world.now:g}")

    def body() -> None:
        world.sleep(1.0)
        world.scheduler.gather([])
        world.scheduler.gather([partial(nested, 2.0), partial(say, "child", 2.5), partial(say, "child", 0.0)])
        say("parent", 1.0)

    def nested(seconds: float) -> None:
        world.scheduler.gather([partial(say, "grandchild", seconds), partial(say, "grandchild", seconds + 1.0)])

    world.scheduler.spawn(body)
    world.scheduler.spawn(partial(say, "other", 2.0))
    world.run()
    assert said == ["child at 1", "other at 2", "grandchild at 3", "child at 3.5", "grandchild at 4", "parent at 5"]


def test_the_error_of_the_first_failed_function_is_raised_after_all_have_ended(world: World) -> None:
    said: list[str] = []

    def slow() -> None:
        world.sleep(5.0)
        said.append("done")

    def fail(error: Exception, seconds: float) -> None:
        world.sleep(seconds)
        raise error

    bodies: list[Callable[[], None]] = [slow, partial(fail, LookupError(), 1.0), partial(fail, ValueError(), 0.0)]
    invocation = invoked(world, lambda: world.scheduler.gather(bodies))
    assert isinstance(invocation.error, LookupError)
    assert (invocation.ended, said) == (5.0, ["done"])


def test_a_timeout_kills_gathered_functions(world: World) -> None:
    said: list[str] = []

    def child(seconds: float) -> None:
        try:
            world.sleep(seconds)
            said.append("done")
        finally:
            said.append(f"{seconds:g} ended at {world.now:g}")

    def handler() -> None:
        world.scheduler.gather([partial(child, 20.0), partial(child, 5.0), partial(child, 10.0)])
        said.append("gathered")

    invocation = invoked(world, handler, timeout=7.0)
    assert (invocation.end, invocation.ended, world.now) == (End.TIMED_OUT, 7.0, 7.0)
    assert said == ["done", "5 ended at 5", "20 ended at 7", "10 ended at 7"]


@pytest.mark.parametrize("seed", range(20))
def test_a_gathered_function_that_dies_kills_the_whole_invocation(seed: int) -> None:
    effects: list[str] = []
    with World(seed) as world:
        perform, append = world.operations.perform, effects.append

        def dies() -> None:
            perform("dies", 1.0, partial(append, "dies"))

        def sibling() -> None:
            world.sleep(1.0)  # at the instant of the death it may still be in time
            perform("late", 1.0, partial(append, "late"))

        def handler() -> None:
            world.scheduler.gather([sibling, dies, partial(perform, "slow", 1.5, partial(append, "slow"))])
            append("handler")

        world.operations.crash(1, Moment.BEFORE, "dies")
        invocation = invoked(world, handler)
        assert (invocation.end, invocation.ended, world.now) == (End.CRASHED, 1.0, 1.0)
    assert effects == []


def test_each_gathered_function_has_its_own_thread_local_retry_info(world: World) -> None:
    seen: dict[str, object] = {}

    def child(name: str, seconds: float) -> None:
        seen[f"{name} began"] = THREAD.__dict__.get(ATTRIBUTE)
        THREAD.__dict__[ATTRIBUTE] = name
        world.sleep(seconds)
        seen[f"{name} ended"] = THREAD.__dict__[ATTRIBUTE]

    def body() -> None:
        THREAD.__dict__[ATTRIBUTE] = "parent"
        world.scheduler.gather([partial(child, "a", 2.0), partial(child, "b", 1.0)])
        seen["parent"] = THREAD.__dict__.pop(ATTRIBUTE)

    world.scheduler.spawn(body)
    world.run()
    own = {"a began": None, "b began": None, "a ended": "a", "b ended": "b", "parent": "parent"}
    assert seen == own
