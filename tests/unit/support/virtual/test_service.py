from functools import partial

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.support.virtual.faults import THROTTLED, unanswered, unreachable
from tests.support.virtual.operations import Moment
from tests.support.virtual.service import yielding
from tests.support.virtual.world import World


class Rows:
    """Something in memory, as the stores of tests are."""

    limit = 3

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}

    def put(self, key: str, *, value: str) -> int:
        self.rows[key] = value
        return len(self.rows)

    def get(self, key: str) -> str:
        return self.rows[key]

    def claim(self, key: str, owner: str) -> str:
        return self.rows.setdefault(key, owner)


def test_outside_an_invocation_a_call_is_as_it_was() -> None:
    world, rows = World(), Rows()
    service = world.service("table")
    service.faults.script(THROTTLED)
    remote = yielding(rows, service)
    assert remote.put("a", value="1") == 1
    assert (remote.get("a"), remote.limit, world.now) == ("1", 3, 0.0)


def test_inside_one_a_call_takes_time_and_is_an_operation() -> None:
    with World() as world:
        remote = yielding(Rows(), world.service("table", latency=0.25))
        found: list[object] = []

        def body() -> None:
            found.extend([remote.put("a", value="1"), remote.get("a"), world.now])

        world.scheduler.spawn(body)
        world.run()
        assert found == [1, "1", 0.5]
        assert world.operations.counts == {"": 2, "table.put": 1, "table.get": 1}


def test_a_store_that_is_down_fails_every_call_until_it_is_up_again() -> None:
    with World() as world:
        service = world.service("table", latency=0.0)
        service.faults.down(10.0, 20.0, unreachable(seconds=1.5))
        service.faults.down(30.0, 40.0, THROTTLED, operation="put")
        remote, ends = yielding(Rows(), service), list[tuple[float, str]]()

        def put_at(instant: float) -> None:
            try:
                remote.put("a", value="1")
            except (ClientError, EndpointConnectionError) as error:
                ends.append((world.now, type(error).__name__))
            else:
                ends.append((world.now, "done"))
            assert remote.get("a") if instant != 10.0 else True

        def body() -> None:
            for instant in (9.0, 10.0, 20.0, 35.0, 40.0):
                world.sleep(instant - world.now)
                put_at(instant)

        world.scheduler.spawn(body)
        world.run()
        assert ends == [
            (9.0, "done"),
            (11.5, "EndpointConnectionError"),
            (20.0, "done"),
            (35.0, "ClientError"),
            (40.0, "done"),
        ]


def test_a_script_goes_before_an_outage_and_an_operations_own_before_that_of_all() -> None:
    with World() as world:
        service = world.service("table")
        service.faults.down(0.0, 100.0, unreachable())
        service.faults.script(None, operation="put")
        service.faults.script(THROTTLED)
        remote, ends = yielding(Rows(), service), list[str]()

        def body() -> None:
            for _ in range(3):
                try:
                    remote.put("a", value="1")
                except (ClientError, EndpointConnectionError) as error:
                    ends.append(type(error).__name__)
                else:
                    ends.append("done")

        world.scheduler.spawn(body)
        world.run()
        assert ends == ["done", "ClientError", "EndpointConnectionError"]


def test_an_unanswered_write_may_have_taken_effect() -> None:
    with World() as world:
        service = world.service("table")
        service.faults.script(unanswered(takes_effect=False), unanswered(takes_effect=True))
        rows = Rows()
        remote, seen = yielding(rows, service), list[dict[str, str]]()

        def body() -> None:
            for value in ("1", "2"):
                try:
                    remote.put("a", value=value)
                except ReadTimeoutError:
                    seen.append(dict(rows.rows))

        world.scheduler.spawn(body)
        world.run()
        assert seen == [{}, {"a": "2"}]


def test_an_error_of_the_store_itself_comes_through_and_can_be_the_last_thing_done() -> None:
    with World() as world:
        remote, seen = yielding(Rows(), world.service("table")), list[str]()

        def body() -> None:
            for _ in range(2):
                try:
                    remote.get("nothing")
                except KeyError:
                    seen.append("KeyError")

        world.operations.crash(2, Moment.AFTER, "table.get")
        world.scheduler.spawn(body)
        world.run()
        assert seen == ["KeyError"]


def winner(seed: int) -> str:
    """Two claim a row at the same instant."""
    with World(seed) as world:
        rows = Rows()
        remote = yielding(rows, world.service("table"))
        for owner in ("a", "b"):
            world.scheduler.spawn(partial(remote.claim, "lock", owner))
        world.run()
        return rows.rows["lock"]


def test_two_invocations_meet_at_the_store_in_either_order() -> None:
    assert {winner(seed) for seed in range(20)} == {"a", "b"}


def test_jitter_makes_operations_take_longer_and_never_shorter() -> None:
    ends = []
    for seed in range(20):
        with World(seed, jitter=1.0) as world:
            remote = yielding(Rows(), world.service("table", latency=1.0))
            world.scheduler.spawn(partial(remote.put, "a", value="1"))
            world.run()
            ends.append(world.now)
    assert all(1.0 <= end <= 2.0 for end in ends)
    assert len(set(ends)) == 20
