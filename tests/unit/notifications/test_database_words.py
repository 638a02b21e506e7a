import pytest

from notifications.database_words import lowered, status_of
from notifications.models import Status


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("Multi-AZ instance failover started", Status.NOTICE),
        ("Multi-AZ instance failover completed", Status.RESOLVED),
        ("The cluster failed over to another instance", Status.NOTICE),
        ("Failover failed for the DB cluster", Status.FIRING),
        ("DB instance restarted", Status.RESOLVED),
        ("DB instance shutdown", Status.FIRING),
        ("Recovery of the DB instance has started", Status.FIRING),
        ("Recovery of the DB instance is complete", Status.RESOLVED),
        ("Storage capacity is full", Status.FIRING),
        ("Allocated storage has been exhausted", Status.FIRING),
        ("Replication task has started", Status.RESOLVED),
        ("Automated snapshot created", Status.NOTICE),
        ("Storage unavailable", Status.FIRING),
        ("Successfully patched the DB cluster", Status.NOTICE),
        ("Snapshot successfully restored", Status.RESOLVED),
        ("Replication task full load completed", Status.RESOLVED),
        ("The storage volume is full", Status.FIRING),
    ],
)
def test_a_message_has_the_status_that_its_words_mean(message: str, status: Status) -> None:
    assert status_of(message) is status


def test_an_event_that_says_it_is_a_failure_is_one() -> None:
    assert status_of("DB instance restarted", is_failure=True) is Status.FIRING


@pytest.mark.parametrize(
    ("message", "expected"),
    [("DB instance\n restarted.", "DB instance restarted"), ("Automated snapshot", "automated snapshot"), ("", "")],
)
def test_a_message_stands_after_a_colon(message: str, expected: str) -> None:
    assert lowered(message) == expected
