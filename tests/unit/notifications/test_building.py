import json

import pytest

from notifications.building import job_status
from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import record


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
    assert job_status(state) is status


def test_a_replay_of_an_event_is_another_alert_than_its_original() -> None:
    event = {"id": "e-1", "detail-type": "Order Failed", "source": "shop", "detail": {"order": "17"}}
    texts = (json.dumps(one) for one in (event, event | {"replay-name": "after-the-outage"}))
    identities = [parse(record(text, sns_message_id="")).identity for text in texts]
    assert identities == ["e-1", "e-1/after-the-outage"]
