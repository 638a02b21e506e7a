import gc
import random
import weakref
from collections.abc import Callable
from functools import partial

import pytest

from retry_policies.info import ATTRIBUTE, THREAD
from tests.support.virtual.function import End, Handler, Invocation, VirtualFunction
from tests.support.virtual.operations import Moment
from tests.support.virtual.scheduler import Scheduler
from tests.support.virtual.world import World


def test_two_tasks_interleave_at_each_sleep() -> None:
    said: list[str] = []
    with World() as world:

        def task(name: str, pause: float) -> None:
            for number in range(3):
                world.sleep(pause)
                said.append(f"{name}{number} at {world.now:g}")

        world.scheduler.spawn(lambda: task("a", 2.0))
        world.scheduler.spawn(lambda: task("b", 3.0))
        world.run()
    assert [one for one in said if one.endswith("at 6")] in (["a2 at 6", "b1 at 6"], ["b1 at 6", "a2 at 6"])
    assert [one for one in said if not one.endswith("at 6")] == ["a0 at 2", "b0 at 3", "a1 at 4", "b2 at 9"]


def first_of_two(seed: int) -> str:
    said: list[str] = []
    with World(seed) as world:

        def body() -> None:
            world.sleep(0.5)
            world.sleep(0.5)
            said.append("a")

        world.scheduler.spawn(body)
        world.at(1.0, lambda: said.append("b"))
        world.run()
    return said[0]


def test_the_seed_decides_who_is_first_at_the_same_instant() -> None:
    firsts = [first_of_two(seed) for seed in range(20)]
    assert set(firsts) == {"a", "b"}
    assert firsts == [first_of_two(seed) for seed in range(20)]


def test_hours_pass_without_waiting_and_only_as_far_as_asked() -> None:
    with World() as world:
        world.at(10_000.0, lambda: None)
        world.run(until=3600.0)
        assert world.now == 3600.0
        world.run()
        assert world.now == 10_000.0


def test_a_sleep_never_passes_the_instant_up_to_which_the_world_runs() -> None:
    woke: list[float] = []
    with World() as world:

        def body() -> None:
            world.sleep(50.0)
            woke.append(world.now)

        world.scheduler.spawn(body)
        world.run(until=20.0)
        assert world.now == 20.0
        assert woke == []
        world.run()
    assert woke == [50.0]


def test_time_does_not_wait_for_what_was_cancelled() -> None:
    with World() as world:
        world.at(500.0, lambda: None).cancel()
        world.run()
        assert world.now == 0.0


def test_a_killed_task_ends_at_once_and_whatever_it_tries_next_kills_it_again() -> None:
    tried: list[str] = []
    with World() as world:

        def stubborn() -> None:
            try:
                world.sleep(100.0)
            except KeyboardInterrupt:
                tried.append("cleaned up")
            try:
                world.sleep(1.0)
            finally:
                tried.append(f"at {world.now:g}")

        task = world.scheduler.spawn(stubborn)
        world.at(7.0, lambda: world.scheduler.kill(task))
        world.run()
        assert tried == ["cleaned up", "at 7"]
        assert world.now == 7.0


def test_a_task_that_is_killed_before_it_begins_never_begins() -> None:
    began: list[bool] = []
    with World() as world:
        world.scheduler.kill(world.scheduler.spawn(lambda: began.append(True)))
        world.run()
    assert began == []


def test_what_a_task_raises_comes_out_of_run() -> None:
    def broken() -> None:
        raise LookupError

    with World() as world:
        world.scheduler.spawn(broken)
        with pytest.raises(LookupError):
            world.run()


def test_a_world_that_goes_round_in_circles_is_stopped() -> None:
    scheduler = Scheduler(random.Random(0), steps=1000)  # noqa: S311 - a test's dice

    def again() -> None:
        scheduler.at(scheduler.now, again)

    again()
    with pytest.raises(RuntimeError, match="in circles"):
        scheduler.run()


def test_a_task_that_never_lets_others_run_is_stopped_too() -> None:
    scheduler = Scheduler(random.Random(0), steps=1000)  # noqa: S311 - a test's dice

    def forever() -> None:
        while True:
            scheduler.sleep(1.0)

    scheduler.spawn(forever)
    with pytest.raises(RuntimeError, match="in circles"):
        scheduler.run()
    scheduler.close()


@pytest.mark.parametrize("is_gathered", [False, True])
def test_a_closed_world_keeps_nothing_in_memory(*, is_gathered: bool) -> None:
    class Ballast:
        pass

    def world_with(ballast: Ballast) -> None:
        with World() as world:

            def body() -> Ballast:
                world.sleep(100.0)
                return ballast

            world.scheduler.spawn(partial(world.scheduler.gather, [body, body]) if is_gathered else body)
            world.run(until=1.0)

    ballast = Ballast()
    forgotten = weakref.ref(ballast)
    world_with(ballast)
    del ballast
    gc.collect()
    assert forgotten() is None


def test_the_clock_on_the_wall_jumps_and_the_other_does_not() -> None:
    with World() as world:
        before = world.wall()
        world.at(10.0, lambda: world.wall.jump(-3600.0))
        world.run(until=20.0)
        assert world.monotonic() == 20.0
        assert world.wall() == before + 20.0 - 3600.0


def invoked(world: World, handler: Callable[[], object], timeout: float = 60.0) -> Invocation:
    """Run a handler in a function until nothing is left to happen."""
    environment: Handler = lambda _event, _context: handler()  # noqa: E731 - a value with a type
    invocation = VirtualFunction(world.scheduler, world.wall, lambda: environment, timeout).invoke({})
    world.run()
    return invocation


def test_gathered_functions_sleep_side_by_side_and_the_caller_waits_for_all() -> None:
    said: list[str] = []
    with World() as world:

        def child(seconds: float) -> None:
            world.sleep(seconds)
            said.append(f"child at {world.now:g}")

        def body() -> None:
            world.sleep(1.0)
            world.scheduler.gather([partial(child, seconds) for seconds in (3.0, 2.0, 0.0)])
            said.append(f"parent at {world.now:g}")
            world.sleep(1.0)
            said.append(f"parent at {world.now:g}")

        world.scheduler.spawn(body)
        world.run()
    assert said == ["child at 1", "child at 3", "child at 4", "parent at 4", "parent at 5"]


def test_gathered_functions_let_other_tasks_run() -> None:
    said: list[float] = []
    with World() as world:

        def other() -> None:
            world.sleep(1.5)
            said.append(world.now)

        world.scheduler.spawn(lambda: world.scheduler.gather([lambda: world.sleep(2.0)] * 2))
        world.scheduler.spawn(other)
        world.run()
        assert world.now == 2.0
    assert said == [1.5]


def test_nothing_to_gather_takes_no_time() -> None:
    with World() as world:
        assert invoked(world, lambda: world.scheduler.gather([])).end is End.RETURNED
        assert world.now == 0.0


def test_the_seed_decides_which_gathered_function_begins() -> None:
    def first(seed: int) -> str:
        said: list[str] = []
        with World(seed) as world:
            world.scheduler.spawn(lambda: world.scheduler.gather([partial(said.append, name) for name in "ab"]))
            world.run()
        return said[0]

    assert {first(seed) for seed in range(20)} == {"a", "b"}


def test_the_task_of_a_gathered_function_is_its_invocation() -> None:
    with World() as world:
        seen: list[object] = []

        def child() -> None:
            seen.append(world.scheduler.task)
            world.scheduler.gather([lambda: seen.append(world.scheduler.task)])

        task = world.scheduler.spawn(lambda: world.scheduler.gather([child, child]))
        world.run()
        assert seen == [task] * 4


def test_gathered_functions_may_gather_others() -> None:
    with World() as world:

        def child() -> None:
            world.scheduler.gather([lambda: world.sleep(2.0), lambda: world.sleep(3.0)])
            world.sleep(1.0)

        ended: list[float] = []

        def body() -> None:
            world.scheduler.gather([child, lambda: world.sleep(0.5)])
            ended.append(world.now)

        world.scheduler.spawn(body)
        world.run()
        assert ended == [4.0]


def test_an_error_of_a_gathered_function_is_raised_after_all_have_ended() -> None:
    said: list[str] = []
    with World() as world:

        def slow() -> None:
            world.sleep(5.0)
            said.append("slow is done")

        def late() -> None:
            world.sleep(1.0)
            raise LookupError

        def early() -> None:
            raise ValueError

        invocation = invoked(world, lambda: world.scheduler.gather([slow, late, early]))
        assert isinstance(invocation.error, LookupError)  # the first of them, not the earliest
        assert invocation.ended == 5.0
    assert said == ["slow is done"]


def test_a_timeout_kills_gathered_functions() -> None:
    said: list[str] = []
    with World() as world:

        def child(seconds: float) -> None:
            try:
                world.sleep(seconds)
            finally:
                said.append(f"{seconds:g} ended at {world.now:g}")
            said.append("done")

        def handler() -> None:
            world.scheduler.gather([partial(child, 20.0), partial(child, 5.0), partial(child, 10.0)])
            said.append("gathered")

        invocation = invoked(world, handler, timeout=7.0)
        assert (invocation.end, invocation.ended, world.now) == (End.TIMED_OUT, 7.0, 7.0)
    assert said == ["5 ended at 5", "done", "20 ended at 7", "10 ended at 7"]


def test_a_gathered_function_that_dies_kills_the_whole_invocation() -> None:
    for seed in range(20):
        said: list[str] = []
        with World(seed) as world:

            def dies(world: World = world) -> None:
                world.sleep(1.0)
                world.die()

            def sibling(world: World = world, said: list[str] = said) -> None:
                world.sleep(1.0)  # at the very instant of the death it may still be in time
                world.sleep(1.0)
                said.append("sibling went on")

            def handler(world: World = world, said: list[str] = said) -> None:
                world.scheduler.gather([sibling, dies, sibling])
                said.append("parent went on")

            invocation = invoked(world, handler)
            assert (invocation.end, invocation.ended, world.now) == (End.CRASHED, 1.0, 1.0)
        assert said == []


def test_a_function_that_dies_before_its_siblings_begin_keeps_them_from_beginning() -> None:
    began: set[int] = set()
    for seed in range(20):
        said: list[str] = []
        with World(seed) as world:
            invoked(world, partial(world.scheduler.gather, [world.die, partial(said.append, "began")]))
        began.add(len(said))
    assert began == {0, 1}


def test_a_crash_in_a_gathered_function_leaves_the_operations_of_its_siblings_without_effect() -> None:
    effects: list[str] = []
    with World() as world:
        world.operations.crash(1, Moment.BEFORE, "fast")
        invocation = invoked(
            world,
            lambda: world.scheduler.gather(
                [
                    lambda: world.operations.perform("slow", 2.0, partial(effects.append, "slow")),
                    lambda: world.operations.perform("fast", 1.0, partial(effects.append, "fast")),
                ]
            ),
        )
        assert (invocation.end, invocation.ended) == (End.CRASHED, 1.0)
    assert effects == []


def test_a_killed_function_that_goes_on_is_killed_again_and_gathers_nothing() -> None:
    said: list[str] = []
    with World() as world:

        def stubborn() -> None:
            try:
                world.sleep(100.0)
            except KeyboardInterrupt:
                world.scheduler.gather([partial(said.append, "gathered")])

        task = world.scheduler.spawn(lambda: world.scheduler.gather([stubborn, stubborn]))
        world.at(7.0, lambda: world.scheduler.kill(task))
        world.run()
        assert world.now == 7.0
    assert said == []


def test_each_gathered_function_has_a_thread_local_give_up_of_its_own() -> None:
    seen: dict[str, object] = {}
    with World() as world:

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


def test_outside_a_task_gathered_functions_run_one_after_another() -> None:
    said: list[str] = []

    def fails() -> None:
        raise LookupError

    with World() as world, pytest.raises(LookupError):
        world.scheduler.gather([partial(said.append, "a"), fails, partial(said.append, "b")])
    assert said == ["a", "b"]
