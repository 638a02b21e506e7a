from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from outcomes.outcome import Duplicate, Later, LaterReason
from retry_policies.testing import FakeTime
from shared_state.claim_rows import RETENTION, claim_key
from shared_state.claims import Claim, Claims
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Conflict, Row, State
from shared_state.rows_with_fallback import RowsWithFallback
from tests.support.steps.tables import FailingRows, deliveries_table

KEY = claim_key("team", "a")
LEASE = 90.0
PARKED = Duplicate(is_parked=True)


def doubted(claim: Claim) -> None:
    claim.doubt()
    claim.release()


def simplified(claim: Claim) -> None:
    claim.simplify(2)
    claim.simplify(1)
    claim.release()


def not_parked(claim: Claim) -> None:
    claim.leave_unanswered()
    claim.release()


ENDS: dict[str, Callable[[Claim], object]] = {
    "release": Claim.release,
    "untried": Claim.release_untried,
    "doubt": doubted,
    "fail": lambda claim: claim.fail(is_answered=True),
    "unanswered fail": lambda claim: claim.fail(is_answered=False),
    "unanswered in doubt": lambda claim: claim.fail(is_answered=False, may_exhaust=False),
    "unanswered": Claim.leave_unanswered,
    "unanswered, not parked": not_parked,
    "move": Claim.move,
    "park": Claim.park,
    "simplify": simplified,
    "commit": Claim.commit,
}


class Alert:
    """The claims of several invocations for one alert, on one clock."""

    def __init__(self) -> None:
        self.time = FakeTime(1000.0)
        self.rows = MemoryRows()
        self.claims = Claims(rows=self.rows, lease=LEASE, clock=self.time.clock)

    def claim(self, hop: int = 0, *, is_alone: bool = False) -> Claim:
        claim = self.claims.claim("team", "a", hop, is_alone=is_alone)
        assert isinstance(claim, Claim)
        return claim

    def outcome(self, hop: int = 0) -> Duplicate | Later:
        outcome = self.claims.claim("team", "a", hop)
        assert not isinstance(outcome, Claim)
        return outcome

    def play(self, *steps: str | float) -> None:
        """Claim and end the alert once per name, let the lease lapse for "lapse", and wait so many seconds."""
        for step in steps:
            match step:
                case "lapse" | "lapse alone":
                    self.claim(is_alone=step == "lapse alone")
                    self.time.now += LEASE
                case str():
                    ENDS[step](self.claim())
                case _:
                    self.time.now += step

    @property
    def row(self) -> Row:
        row = self.rows.read(KEY)
        assert row is not None
        return row


@pytest.fixture
def alert() -> Alert:
    return Alert()


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # the counts of posts without an answer, and the doubt
        (["release"], {"is_doubtful": False, "unanswered": 0, "crashes": 0}),
        (["doubt", "release"], {"is_doubtful": True, "unanswered": 0}),
        (["doubt"] * 20, {"is_doubtful": True, "unanswered": 0, "is_exhausted": False}),
        (["unanswered"] * 4, {"is_doubtful": True, "unanswered": 4, "is_exhausted": False}),
        (["unanswered fail"] * 4, {"unanswered": 4, "is_exhausted": False}),
        (["unanswered fail"] * 5, {"unanswered": 5, "is_exhausted": True}),
        (["unanswered in doubt"] * 9, {"unanswered": 4, "failures": 9, "is_doubtful": True, "is_exhausted": False}),
        (["unanswered in doubt"] * 9 + ["unanswered fail"], {"unanswered": 5, "is_exhausted": True}),
        (["unanswered"] * 4 + ["unanswered, not parked"], {"is_exhausted": True}),
        (["unanswered fail", "fail"], {"is_doubtful": True, "unanswered": 1}),
        # C5: leases that lapsed
        (["lapse"] * 3, {"crashes": 3, "unanswered": 0, "is_doubtful": True, "is_exhausted": False}),
        (["lapse"] * 5, {"crashes": 5, "is_exhausted": True}),
        (["lapse"] * 5 + ["release"], {"crashes": 5, "is_exhausted": True}),
        (["release", 10 * LEASE], {"crashes": 0, "is_doubtful": False}),
        (["lapse", "release", "fail"], {"crashes": 1}),
        (["lapse", "unanswered fail"], {"crashes": 1, "unanswered": 1}),
        (["lapse"] * 2 + ["lapse alone"], {"crashes": 2, "unanswered": 1}),
        (["lapse"] * 2 + ["lapse alone"] * 2 + ["lapse"] * 2, {"crashes": 4, "unanswered": 2}),
        # failures of this alert
        (["fail", 100] * 3, {"failures": 3, "failing_since": 1000.0, "unanswered": 0}),
        (["lapse"] * 2 + ["release"], {"failures": 2, "failing_since": 1090.0}),
        (["fail", "release"], {"failures": 1}),
        (["release"], {"failures": 0, "failing_since": 0.0}),
        (["simplify", "lapse", "release"], {"simplified": 2}),
        (["fail"] * 9, {"keeps_failing": False}),
        (["fail", 300, "fail", 200, "fail", 50, "fail", 50, "fail"], {"keeps_failing": True}),
        (["fail", 300, "fail", 200, "fail", 50, "fail", 49, "fail"], {"keeps_failing": False}),
        (["fail", 300, "fail", 200, "fail", 50, "fail", 50], {"keeps_failing": False}),
        (["release", 600] * 9, {"keeps_failing": False}),
        (["fail", 300] * 6 + ["release"], {"keeps_failing": True}),
        (["fail", 300] * 6 + ["move"], {"keeps_failing": False, "failures": 0, "failing_since": 0.0, "unanswered": 0}),
        # the time of the last try
        (["fail", 100, "untried", 100, "untried"], {"last_try": 1000.0, "unanswered": 0}),
        ([], {"last_try": 0.0}),
    ],
)
def test_a_claim_has_the_history_of_its_alert(
    alert: Alert, steps: list[str | float], expected: dict[str, object]
) -> None:
    alert.play(*steps)
    claim = alert.claim()
    assert {name: getattr(claim, name, getattr(claim.row, name, None)) for name in expected} == expected


def test_a_posted_alert_is_a_duplicate_for_a_month(alert: Alert) -> None:
    alert.play("doubt", "commit", RETENTION - 1)
    assert alert.outcome(hop=3) == Duplicate()
    alert.play(1)
    assert not alert.claim().is_doubtful


def test_a_claimed_alert_is_for_later_until_its_lease_ends(alert: Alert) -> None:
    alert.claim()
    alert.play(60)
    assert alert.outcome() == Later(LaterReason.IN_PROGRESS, 30.0)
    alert.play(-3600)  # G6: a clock that was set back
    assert alert.outcome() == Later(LaterReason.IN_PROGRESS, LEASE)


def test_the_fifth_post_without_an_answer_is_the_last(alert: Alert) -> None:
    assert [alert.claim().leave_unanswered() for _ in range(4)] == [True] * 4
    claim = alert.claim()
    assert not claim.is_exhausted
    assert not claim.leave_unanswered()
    claim.park()
    assert alert.outcome() == PARKED


def test_e2_only_a_higher_hop_claims_a_parked_alert_and_starts_without_failures_and_crashes(alert: Alert) -> None:
    alert.play("simplify", "lapse", "fail")
    alert.claim(hop=1).park()
    assert (alert.outcome(hop=0), alert.outcome(hop=1)) == (PARKED, PARKED)
    again = alert.claim(hop=2)
    assert (again.hop, again.crashes, again.keeps_failing, again.is_doubtful) == (2, 0, False, True)
    assert (again.row.count, again.row.failures, again.row.simplified) == (1, 0, 0)


@pytest.mark.parametrize("is_doubtful", [True, False])
def test_a_parked_alert_stays_in_doubt_only_if_a_post_may_have_arrived(alert: Alert, *, is_doubtful: bool) -> None:
    claim = alert.claim()
    if is_doubtful:
        claim.doubt()
    claim.park()
    assert alert.claim(hop=1).is_doubtful == is_doubtful


@pytest.mark.parametrize("end", sorted(set(ENDS) - {"commit"}))
def test_an_invocation_that_lost_its_lease_changes_nothing(alert: Alert, end: str) -> None:
    late = alert.claim()
    alert.play(LEASE)
    winner = alert.claim()
    ENDS[end](late)
    assert alert.row == winner.row


@pytest.mark.parametrize("end", ENDS)
def test_a_post_stays_recorded_even_if_another_invocation_claimed_the_alert(alert: Alert, end: str) -> None:
    late = alert.claim()
    alert.play(LEASE)
    winner = alert.claim()
    late.commit()
    ENDS[end](winner)
    assert alert.row.state is State.POSTED


def test_a_post_is_recorded_even_if_the_row_is_gone(alert: Alert) -> None:
    claim = alert.claim()
    alert.rows.remove(KEY, claim.row)
    claim.commit()
    assert alert.outcome() == Duplicate()


def test_reading_an_alert_does_not_claim_it(alert: Alert) -> None:
    assert alert.claims.read("team", "a") is None
    claim = alert.claim()
    assert alert.claims.read("team", "a") == claim.row == alert.row


def test_f8_of_claims_at_the_same_time_one_is_granted() -> None:
    with deliveries_table() as table, ThreadPoolExecutor(8) as pool:
        claims, barrier = Claims(rows=table, lease=LEASE), Barrier(8)

        def race(_number: int) -> object:
            barrier.wait()
            return claims.claim("team", "a", 0)

        results = list(pool.map(race, range(8)))
    assert sum(isinstance(one, Claim) for one in results) == 1
    assert sum(isinstance(one, Later) and one.reason is LaterReason.IN_PROGRESS for one in results) == 7


def test_f7_a_doubt_that_the_table_reported_before_it_failed_stays(alert: Alert) -> None:
    alert.play("doubt")
    rows = RowsWithFallback(FailingRows(left=2), alert.rows)
    rows.table.swap(KEY, None, alert.row)
    alert.rows.swap(KEY, alert.row, replace(alert.row, is_doubtful=False, token="t2"))  # noqa: S106 - a version
    claim = replace(alert.claims, rows=rows).claim("team", "a", 0)
    assert isinstance(claim, Claim)
    assert claim.is_doubtful


class Contended(MemoryRows):
    """Rows that another invocation always changes first."""

    swaps: int = 0

    def swap(self, key: str, old: Row | None, new: Row) -> None:  # noqa: ARG002 - MemoryRows has these parameters
        self.swaps += 1
        raise Conflict(replace(new, state=State.FREE, token=f"other{self.swaps}"))


def test_a_claim_that_always_conflicts_is_for_later(alert: Alert) -> None:
    rows = Contended()
    claims = replace(alert.claims, rows=rows)
    assert claims.claim("team", "a", 0) == Later(LaterReason.IN_PROGRESS)
    assert rows.swaps == 5
    Claim(claims, KEY, Row(token="t1", state=State.CLAIMED, until=0.0, count=1, expires=0.0)).commit()  # noqa: S106 - a version
    assert rows.swaps == 10
