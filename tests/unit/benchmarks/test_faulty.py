import pytest

from benchmarks.faults import FAULTS, Fault
from benchmarks.faulty import LIMIT, tables
from benchmarks.faulty_slack import OURS, play
from benchmarks.notifiers import NOTIFIERS
from tests.support.virtual.silence import silence

RATE, BROKEN, RESET, OUTAGE = FAULTS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_ours_loses_nothing(fault: Fault) -> None:
    with silence():
        ends = play(OURS, fault, 30, 0)
    assert (ends.delivered, ends.lost) == (30, 0)


def test_a_storm_to_a_notifier_loses_what_slack_did_not_accept() -> None:
    ends = play("log and go on", RATE, 30, 0)
    assert (ends.delivered, ends.lost, ends.requests) == (5, 25, 30)  # Slack takes a burst of five


def test_an_outage_longer_than_lambdas_repeats_loses_all() -> None:
    assert play("tenacity", OUTAGE, 5, 0).lost == 5


def test_a_reset_may_have_posted() -> None:
    ends = play("tenacity", RESET, 30, 1)
    assert ends.duplicates > 0


def test_the_limit_counts_digests_failed_posts_and_pauses() -> None:
    assert RATE.least_requests(1_000) == 100
    assert BROKEN.least_requests(900) == pytest.approx(100)
    assert BROKEN.least_posts(1_000, succeeding=0.5) == 200
    # Pauses of 5, 10, 20, 40 and then 60 seconds.
    assert OUTAGE.least_requests(1_000) == 100 + 13


def test_the_tables_have_each_sender_under_each_fault_and_the_limit() -> None:
    small, seeds = tables(sizes=(5,), seeds=2)
    expected = [(fault.name, sender) for fault in FAULTS for sender in (OURS, *NOTIFIERS, LIMIT)]
    assert [row[:2] for row in small.rows] == expected
    assert [row[0] for row in seeds.rows] == [fault.name for fault in FAULTS]
    assert all(goal.is_reached for goal in seeds.goals if goal.is_required)
