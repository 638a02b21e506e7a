import gc
import random
import weakref

import pytest

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


def test_a_closed_world_keeps_nothing_in_memory() -> None:
    class Ballast:
        pass

    def world_with(ballast: Ballast) -> None:
        with World() as world:

            def body() -> Ballast:
                world.sleep(100.0)
                return ballast

            world.scheduler.spawn(body)
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
