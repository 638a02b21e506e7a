import pytest

from aws_events.record import Record
from intake.crashes import CRASHES, PARSING, Crashes
from record_batch.batch import SUSPECT
from retry_policies.testing import FakeTime
from routes.document import DESTINATION
from shared_state.claims import Claim, Claims
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row
from tests.support.samples.notifications import record

LEASE = 90.0


class Killed(BaseException):
    """The process ended."""


class Environments:
    """Executions of intake that share a table and a clock."""

    def __init__(self) -> None:
        self.time = FakeTime(1000.0)
        self.rows = MemoryRows()
        self.crashes = Crashes(Claims(rows=self.rows, lease=LEASE, clock=self.time.clock))

    def receive(self, alert: Record, *, crashes: bool = False) -> bool:
        """Return whether the record was parsed."""
        with self.crashes.watch(alert) as may_parse:
            if may_parse and crashes:
                raise Killed
        return may_parse

    def crash(self, alert: Record) -> None:
        """Let the process die while it parses the record; its lease lapses."""
        with pytest.raises(Killed):
            self.receive(alert, crashes=True)
        self.time.now += LEASE

    def row(self) -> Row | None:
        return self.crashes.claims.read(PARSING, "m1")


@pytest.fixture
def environments() -> Environments:
    return Environments()


def alert(receive_count: int = SUSPECT, **changes: object) -> Record:
    return record("x", receive_count=receive_count, **changes)


def test_only_a_record_received_three_times_has_a_row(environments: Environments) -> None:
    for count in range(1, SUSPECT):
        assert environments.receive(alert(count))
    assert environments.row() is None
    assert environments.receive(alert(SUSPECT))
    assert environments.row() is not None


def test_c5_a_record_is_not_parsed_after_two_crashes(environments: Environments) -> None:
    environments.crash(alert())
    assert environments.receive(alert())
    environments.crash(alert())
    assert not environments.receive(alert())
    assert not environments.receive(alert(20))
    assert environments.receive(alert(message_id="m2"))


def test_receives_without_a_crash_do_not_count(environments: Environments) -> None:
    for count in range(SUSPECT, 20):
        assert environments.receive(alert(count))
        environments.time.now += 2 * LEASE


def test_crashes_are_counted_by_the_alert_and_not_by_its_sqs_id(environments: Environments) -> None:
    first = {"holdfast": {"dataType": "String", "stringValue": '{"alert_id": "m1"}'}}
    for number in range(CRASHES):
        environments.crash(alert(message_id=f"again-{number}", attributes=first))
    assert not environments.receive(alert(message_id="m1"))


def test_a_record_that_another_execution_parses_at_the_same_time_is_parsed(environments: Environments) -> None:
    with environments.crashes.watch(alert()) as first, environments.crashes.watch(alert()) as second:
        assert (first, second) == (True, True)


def test_the_crashes_of_intake_are_no_crashes_of_a_destination_of_any_name(environments: Environments) -> None:
    environments.crash(alert())
    assert DESTINATION.fullmatch(PARSING) is None
    claim = environments.crashes.claims.claim("intake", "m1", 0)
    assert isinstance(claim, Claim)
    assert claim.crashes == 0
