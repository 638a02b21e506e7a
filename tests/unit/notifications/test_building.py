import pytest

from notifications.building import finished
from notifications.models import Status


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("SUCCEEDED", Status.RESOLVED),
        ("REPLICATION_COMPLETE", Status.RESOLVED),
        ("UPDATE_ROLLBACK_COMPLETE", Status.FIRING),
        ("TIMEOUT", Status.FIRING),
        ("TIMED_OUT", Status.FIRING),
        ("INCOMPLETE", Status.FIRING),
        ("UNSUCCESSFUL", Status.FIRING),
        ("SERVICE_UNAVAILABLE", Status.FIRING),
        ("NotReady", Status.FIRING),
        ("not yet approved", Status.FIRING),
        ("RUNNING", Status.NOTICE),
    ],
)
def test_a_state_has_the_status_that_its_words_mean(state: str, status: Status) -> None:
    assert finished(state) is status
