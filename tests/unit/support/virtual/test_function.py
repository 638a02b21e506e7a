from collections.abc import Iterator
from functools import partial

import pytest

from retry_policies import Deadline
from tests.support.virtual.function import End, Handler, VirtualContext, VirtualFunction
from tests.support.virtual.operations import Moment
from tests.support.virtual.world import World


@pytest.fixture
def world() -> Iterator[World]:
    with World() as world:
        yield world


class Environments:
    """Each has a list of its own, of the events it was given; the first is told what to do."""

    def __init__(self, world: World, first: Handler = lambda *_: None) -> None:
        self.memories: list[list[object]] = []
        self.first = first
        self.function = VirtualFunction(world.scheduler, world.wall, self.new, timeout=60.0)

    def new(self) -> Handler:
        memory: list[object] = []
        self.memories.append(memory)

        def handler(event: object, context: VirtualContext) -> object:
            memory.append(event)
            return self.first(event, context) if memory is self.memories[0] else None

        return handler


def test_an_environment_is_reused_and_remembers(world: World) -> None:
    environments = Environments(world)
    for event in (1, 2):
        environments.function.invoke(event)
        world.run()
    assert environments.memories == [[1, 2]]


def test_an_environment_serves_one_invocation_at_a_time(world: World) -> None:
    environments = Environments(world, lambda *_: world.sleep(1.0))
    for events in ((1,), (2, 2)):
        for event in events:
            environments.function.invoke(event)
        world.run()
    assert environments.memories == [[1, 2], [2]]


def test_idle_environments_can_be_taken_away(world: World) -> None:
    environments = Environments(world)
    for event in (1, 2):
        environments.function.invoke(event)
        world.run()
        environments.function.recycle()
    assert environments.memories == [[1], [2]]


def test_an_environment_whose_handler_raised_is_kept(world: World) -> None:
    def fail(*_: object) -> object:
        raise LookupError

    environments = Environments(world, fail)
    first = environments.function.invoke(1)
    world.run()
    environments.function.invoke(2)
    world.run()
    assert first.end is End.RAISED
    assert environments.memories == [[1, 2]]


def test_a_cold_start_that_fails_fails_the_invocation(world: World) -> None:
    def broken() -> Handler:
        raise LookupError

    invocation = VirtualFunction(world.scheduler, world.wall, broken).invoke({})
    world.run()
    assert invocation.end is End.RAISED
    assert isinstance(invocation.error, LookupError)


def test_the_timeout_kills_the_invocation_and_its_environment(world: World) -> None:
    environments = Environments(world, lambda *_: world.sleep(100.0))
    ended: list[float] = []
    invocation = environments.function.invoke(1, lambda _: ended.append(world.now))
    world.run()
    assert (invocation.end, ended) == (End.TIMED_OUT, [60.0])
    environments.function.invoke(2)
    world.run()
    assert environments.memories == [[1], [2]]
    assert environments.function.billed == 60.0


def test_a_killed_invocation_has_no_further_effect_though_it_goes_on(world: World) -> None:
    effects: list[str] = []

    def stubborn(*_: object) -> object:
        for name in ("one", "two", "three"):
            try:
                world.operations.perform(name, 0.1, partial(effects.append, name))
            except KeyboardInterrupt:
                effects.append(f"caught at {name}")
        return {"batchItemFailures": []}

    environments = Environments(world, stubborn)
    world.operations.crash(2, Moment.AFTER)
    invocation = environments.function.invoke(1)
    world.run()
    assert effects == ["one", "two", "caught at two", "caught at three"]
    assert invocation.end is End.CRASHED
    assert invocation.ended == 0.2
    environments.function.invoke(2)
    world.run()
    assert environments.memories == [[1], [2]]


def test_a_crash_before_an_operation_leaves_it_without_effect(world: World) -> None:
    effects: list[str] = []
    world.operations.crash(1, Moment.BEFORE, "post")
    environments = Environments(world, lambda *_: world.operations.perform("post", 0.1, lambda: effects.append("x")))
    invocation = environments.function.invoke(1)
    world.run()
    assert effects == []
    assert invocation.end is End.CRASHED


def test_a_handler_can_die_by_itself(world: World) -> None:
    environments = Environments(world, lambda *_: world.die())
    invocation = environments.function.invoke(1)
    world.run()
    assert invocation.end is End.CRASHED


def test_the_context_tells_the_time_left_by_the_wall_clock(world: World) -> None:
    left: list[int] = []

    def look(_: object, context: VirtualContext) -> None:
        deadline = Deadline.from_context(context, reserve=5.0, clock=world.monotonic)
        left.append(context.get_remaining_time_in_millis())
        world.sleep(20.0)
        left.append(context.get_remaining_time_in_millis())
        world.wall.jump(10.0)
        left.append(context.get_remaining_time_in_millis())
        world.wall.jump(100.0)
        left.append(context.get_remaining_time_in_millis())
        left.append(round(deadline.remaining() * 1000))

    Environments(world, look).function.invoke({})
    world.run()
    assert left == [60_000, 40_000, 30_000, 0, 35_000]


def test_somebody_at_the_keyboard_stops_everything(world: World) -> None:
    def interrupt(*_: object) -> object:
        raise KeyboardInterrupt

    Environments(world, interrupt).function.invoke({})
    with pytest.raises(KeyboardInterrupt):
        world.run()
