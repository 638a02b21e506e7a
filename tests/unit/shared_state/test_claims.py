from dataclasses import dataclass, replace
from functools import partial
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.outcome import Duplicate, Later, LaterReason
from shared_state.claims import RETENTION, Claim, Claims, claim_key, claimed_row
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Conflict, Row, RowsUnavailable, State
from shared_state.rows_with_fallback import RowsWithFallback
from tests.support.steps.clock import FakeClock
from tests.support.steps.tables import deliveries_table

KEY = claim_key("team", "a")
LEASE = 90.0


class Desk:
    """Claims of several invocations, on one clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rows = MemoryRows()
        self.claims = Claims(rows=self.rows, lease=LEASE, clock=self.clock)

    def claim(self, hop: int = 0) -> Claim:
        claim = self.claims.claim("team", "a", hop)
        assert isinstance(claim, Claim)
        return claim

    def claim_in_doubt(self, hop: int = 0) -> Claim:
        claim = self.claim(hop)
        claim.doubt()
        return claim

    def refusal(self, hop: int = 0) -> Duplicate | Later:
        refusal = self.claims.claim("team", "a", hop)
        assert not isinstance(refusal, Claim)
        return refusal

    @property
    def row(self) -> Row:
        row = self.rows.read(KEY)
        assert row is not None
        return row


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_was_posted_is_a_duplicate_for_a_month(desk: Desk) -> None:
    desk.claim().commit()
    desk.clock.now += RETENTION - 1
    assert desk.refusal(hop=3) == Duplicate()
    desk.clock.now += 1
    assert not desk.claim().is_doubtful


def test_what_somebody_is_posting_is_for_later_until_the_lease_ends(desk: Desk) -> None:
    desk.claim()
    desk.clock.now += 60
    assert desk.refusal() == Later(LaterReason.IN_PROGRESS, 30.0)
    desk.clock.now += 30
    assert desk.claim().is_doubtful


def test_what_was_released_may_be_claimed_at_once_and_without_doubt(desk: Desk) -> None:
    desk.claim().release()
    assert not desk.claim().is_doubtful


def test_doubt_once_there_stays(desk: Desk) -> None:
    desk.claim_in_doubt().release()
    desk.claim().release()
    assert desk.claim().is_doubtful


class FailingRows(MemoryRows):
    """A table that fails after it said once what stands there."""

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if old is not None:
            raise RowsUnavailable("InternalServerError")
        super().swap(key, old, new)


def test_f7_doubt_that_the_table_told_before_it_failed_stays(desk: Desk) -> None:
    desk.claim_in_doubt().release()
    rows = RowsWithFallback(FailingRows(), desk.rows)
    rows.table.swap(KEY, None, desk.row)
    desk.rows.swap(KEY, desk.row, replace(desk.row, is_doubtful=False, token="t2"))  # noqa: S106 - a version
    claim = replace(desk.claims, rows=rows).claim("team", "a", 0)
    assert isinstance(claim, Claim)
    assert claim.is_doubtful


def test_each_unanswered_post_counts_and_the_fifth_is_the_last(desk: Desk) -> None:
    assert [desk.claim().leave_unanswered() for _ in range(4)] == [True] * 4
    claim = desk.claim()
    assert not claim.is_exhausted
    assert not claim.leave_unanswered()
    claim.park()
    assert desk.refusal() == Duplicate(is_parked=True)


def test_the_fifth_still_counts_where_it_could_not_be_parked(desk: Desk) -> None:
    for _ in range(4):
        desk.claim().leave_unanswered()
    claim = desk.claim()
    assert not claim.leave_unanswered()
    claim.release()
    assert desk.claim().is_exhausted


def test_what_was_parked_is_in_doubt_only_where_an_earlier_post_may_have_arrived(desk: Desk) -> None:
    desk.claim(hop=0).park()
    refused = desk.claim(hop=1)
    assert not refused.is_doubtful
    refused.doubt()
    refused.park()
    assert desk.claim(hop=2).is_doubtful


def test_a_status_takes_back_what_the_claim_has_counted(desk: Desk) -> None:
    for _ in range(20):
        desk.claim_in_doubt().release()
    assert desk.row.count == 0


def test_a_lease_that_lapsed_counts_as_unanswered(desk: Desk) -> None:
    for _ in range(5):
        assert not desk.claim().is_exhausted
        desk.clock.now += LEASE
    exhausted = desk.claim()
    assert exhausted.is_exhausted
    exhausted.release()
    assert desk.claim().is_exhausted


def test_e2_only_a_higher_hop_gets_past_a_parked_row_and_starts_anew(desk: Desk) -> None:
    for _ in range(5):
        desk.claim(hop=1).leave_unanswered()
    desk.clock.now += LEASE
    desk.claim(hop=1).park()
    assert desk.refusal(hop=0) == desk.refusal(hop=1) == Duplicate(is_parked=True)
    again = desk.claim(hop=2)
    assert (again.row.count, again.row.hop, again.is_doubtful) == (1, 2, True)


ENDS = [Claim.release, Claim.leave_unanswered, Claim.park, Claim.move, partial(Claim.fail, is_answered=True)]


@pytest.mark.parametrize("end", ENDS)
def test_whoever_lost_the_lease_changes_nothing(desk: Desk, end: object) -> None:
    late = desk.claim()
    desk.clock.now += LEASE
    winner = desk.claim()
    assert callable(end)
    end(late)
    assert desk.row == winner.row


@pytest.mark.parametrize("end", [*ENDS, Claim.commit])
def test_a_post_is_never_forgotten_whoever_claimed_it_since(desk: Desk, end: object) -> None:
    late = desk.claim()
    desk.clock.now += LEASE
    winner = desk.claim()
    late.commit()
    assert desk.row.state is State.POSTED
    assert callable(end)
    end(winner)
    assert desk.row.state is State.POSTED


def test_a_commit_stands_also_where_the_row_is_gone(desk: Desk) -> None:
    claim = desk.claim()
    desk.rows.remove(KEY, claim.row)
    claim.commit()
    assert desk.refusal() == Duplicate()


def test_f8_of_many_that_claim_at_once_one_posts() -> None:
    with deliveries_table() as table:
        claims = Claims(rows=table, lease=LEASE)
        barrier = Barrier(8)
        found: list[object] = []

        def race() -> None:
            barrier.wait()
            found.append(claims.claim("team", "a", 0))

        threads = [Thread(target=race) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(isinstance(one, Claim) for one in found) == 1
    assert all(one.reason is LaterReason.IN_PROGRESS for one in found if isinstance(one, Later))
    assert len(found) == 8


def test_looking_at_an_alert_claims_nothing(desk: Desk) -> None:
    assert desk.claims.read("team", "a") is None
    claim = desk.claim()
    assert desk.claims.read("team", "a") == claim.row == desk.row


def test_each_failure_of_an_alert_counts_with_the_time_of_the_first(desk: Desk) -> None:
    for _ in range(3):
        desk.claim().fail(is_answered=True)
        desk.clock.now += 100
    assert (desk.row.state, desk.row.failures, desk.row.failing_since, desk.row.count) == (State.FREE, 3, 1000.0, 0)


def test_a_failure_without_an_answer_counts_as_an_unanswered_post_too(desk: Desk) -> None:
    desk.claim().fail(is_answered=False)
    desk.claim().fail(is_answered=True)
    assert (desk.row.failures, desk.row.count) == (2, 1)
    assert desk.claim().is_doubtful


def test_five_posts_without_an_answer_exhaust_an_alert(desk: Desk) -> None:
    for _ in range(5):
        claim = desk.claim()
        assert not claim.is_exhausted
        claim.fail(is_answered=False)
    assert desk.claim().is_exhausted


def test_an_alert_keeps_failing_after_five_failures_over_ten_minutes(desk: Desk) -> None:
    seen: list[bool] = []
    for seconds in (0, 300, 200, 50, 50, 0, 600):
        desk.clock.now += seconds
        claim = desk.claim()
        seen.append(claim.keeps_failing)
        claim.fail(is_answered=True)
    assert seen == [False, False, False, False, False, True, True]


def test_five_failures_in_a_short_time_are_no_sign_yet(desk: Desk) -> None:
    for _ in range(9):
        desk.claim().fail(is_answered=True)
    assert not desk.claim().keeps_failing


def test_a_failure_of_the_lane_is_none_of_the_alert(desk: Desk) -> None:
    for _ in range(9):
        desk.claim().release()
        desk.clock.now += 600
    assert (desk.row.failures, desk.claim().keeps_failing) == (0, False)


def test_failures_outlast_a_release(desk: Desk) -> None:
    desk.claim().fail(is_answered=True)
    desk.claim().release()
    assert desk.row.failures == 1


def test_a_moved_alert_is_free_and_its_failures_count_from_zero(desk: Desk) -> None:
    for _ in range(6):
        desk.claim().fail(is_answered=True)
        desk.clock.now += 300
    desk.claim().move()
    assert (desk.row.state, desk.row.failures, desk.row.failing_since, desk.row.count) == (State.FREE, 0, 0.0, 0)
    claim = desk.claim(hop=1)
    assert (claim.hop, claim.keeps_failing, claim.is_doubtful) == (1, False, False)


def test_c5_each_lease_that_lapsed_is_a_crash_and_a_failure(desk: Desk) -> None:
    for crashes in range(3):
        claim = desk.claim()
        assert (claim.crashes, claim.row.failures) == (crashes, crashes)
        desk.clock.now += LEASE


def test_c5_crashes_outlast_what_ends_in_order(desk: Desk) -> None:
    desk.claim()
    desk.clock.now += LEASE
    desk.claim().release()
    desk.claim().fail(is_answered=True)
    assert desk.claim().crashes == 1


def test_c5_a_lease_that_lapsed_alone_counts_as_a_post_without_an_answer_and_one_beside_others_does_not(
    desk: Desk,
) -> None:
    for is_alone, unanswered in ((False, 0), (False, 0), (True, 0), (True, 1), (False, 2), (False, 2)):
        claim = desk.claims.claim("team", "a", 0, is_alone=is_alone)
        assert isinstance(claim, Claim)
        assert claim.unanswered == unanswered
        desk.clock.now += LEASE
    assert desk.claim().crashes == 4


def test_a_post_without_an_answer_counts_beside_crashes(desk: Desk) -> None:
    desk.claim()
    desk.clock.now += LEASE
    desk.claim().fail(is_answered=False)
    claim = desk.claim()
    assert (claim.crashes, claim.unanswered) == (1, 1)


def test_an_alert_that_is_put_back_untried_keeps_the_time_of_its_last_try(desk: Desk) -> None:
    desk.claim().fail(is_answered=True)
    tried = desk.clock.now
    for _ in range(2):
        desk.clock.now += 100
        desk.claim().release_untried()
        assert (desk.row.state, desk.row.until, desk.row.count) == (State.FREE, tried, 0)
    assert desk.claim().last_try == tried


def test_the_richer_forms_that_slack_refused_are_remembered_until_the_alert_is_parked(desk: Desk) -> None:
    claim = desk.claim()
    claim.simplify(2)
    claim.simplify(1)
    claim.release()
    assert desk.claim().row.simplified == 2
    desk.clock.now += LEASE
    again = desk.claim()
    assert again.row.simplified == 2
    again.park()
    assert desk.claim(hop=1).row.simplified == 0


def test_a_claim_that_ended_in_time_is_no_crash(desk: Desk) -> None:
    desk.claim().release()
    desk.clock.now += 10 * LEASE
    assert desk.claim().crashes == 0


def test_e2_an_alert_that_was_sent_back_from_parking_starts_without_failures_and_crashes(desk: Desk) -> None:
    desk.claim()
    desk.clock.now += LEASE
    desk.claim().fail(is_answered=True)
    desk.claim().park()
    again = desk.claim(hop=1)
    assert (again.crashes, again.row.failures, again.keeps_failing) == (0, 0, False)


@dataclass
class Contended(MemoryRows):
    """Somebody else is always faster."""

    swaps: int = 0

    def swap(self, key: str, old: Row | None, new: Row) -> None:  # noqa: ARG002 - as MemoryRows has it
        self.swaps += 1
        raise Conflict(replace(new, state=State.FREE, token=f"other{self.swaps}"))


def test_who_never_gets_through_is_for_later_and_does_not_hang() -> None:
    rows = Contended()
    claims = Claims(rows=rows, lease=LEASE, clock=FakeClock())
    assert claims.claim("team", "a", 0) == Later(LaterReason.IN_PROGRESS)
    assert rows.swaps == 5


def test_g6_a_clock_that_was_set_back_lengthens_no_lease(desk: Desk) -> None:
    desk.claim()
    desk.clock.now -= 3600
    assert desk.refusal() == Later(LaterReason.IN_PROGRESS, LEASE)


@given(st.text())
def test_the_key_is_of_one_length_whatever_names_the_alert(identity: str) -> None:
    assert len(claim_key("team", identity)) == len(KEY)


@given(st.lists(st.text(max_size=3), min_size=2, max_size=2, unique=True))
def test_other_alerts_and_other_destinations_have_other_keys(names: list[str]) -> None:
    first, second = names
    assert claim_key("team", first) != claim_key("team", second)
    assert claim_key(first, "a") != claim_key(second, "a")


rows = st.builds(
    Row,
    token=st.just("old"),
    state=st.sampled_from([State.CLAIMED, State.FREE, State.POSTED, State.PARKED]),
    until=st.floats(0, 200),
    count=st.integers(0, 9),
    expires=st.floats(0, 200),
    hop=st.integers(0, 4),
    is_doubtful=st.booleans(),
)


@given(current=st.none() | rows, now=st.floats(0, 200), hop=st.integers(0, 4))
def test_a_claim_is_taken_or_refused_and_the_row_says_why(current: Row | None, now: float, hop: int) -> None:
    taken = claimed_row(current, now=now, hop=hop, lease=LEASE, token="new")  # noqa: S106 - a version
    live = current is not None and current.expires > now
    if isinstance(taken, Row):
        assert (taken.state, taken.until, taken.token) == (State.CLAIMED, now + LEASE, "new")
        succeeds = live and current is not None and current.state is not State.PARKED
        assert (taken.count >= 1, taken.hop) == (True, max(hop, current.hop) if succeeds and current else hop)
        assert taken.is_doubtful == (live and current is not None and (current.is_doubtful or current.count > 0))
    elif isinstance(taken, Later):
        assert live
        assert 0 < taken.after <= LEASE
    else:
        assert live
        assert current is not None
        assert current.state in {State.POSTED, State.PARKED}
