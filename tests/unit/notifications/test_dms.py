import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, changed_detail


@pytest.mark.parametrize(
    ("event", "message", "status"),
    [
        ("REPLICATION_TASK_FAILED", "x", Status.FIRING),
        ("REPLICATION_TASK_STARTED", "Replication task has started.", Status.RESOLVED),
        ("REPLICATION_TASK_STOPPED", "Replication task has stopped.", Status.FIRING),
        ("READING_PAUSED", "Reading paused, swap files limit reached.", Status.FIRING),
        ("LOW_STORAGE", "Low storage", Status.FIRING),
    ],
)
def test_the_event_or_its_message_says_whether_it_is_bad(event: str, message: str, status: Status) -> None:
    assert changed_detail("dms-failed.json", eventType=event, detailMessage=message).status is status


@pytest.mark.parametrize("link", [None, "https://console.aws.amazon.com/dms/v2/home"])
def test_without_a_link_the_task_is_named_by_its_arn(link: str | None) -> None:
    said = changed_detail("dms-failed.json", resourceLink=link)
    assert (said.title, said.links) == ("DMS QPWXK4FZQ7SJCYRNOH2TGUM6VE", ())


def test_the_reason_of_a_message_is_in_its_line() -> None:
    said = changed("dms-message.json", **{"Event Message": "Replication task has stopped."})
    assert (said.label, said.summary, said.reason) == ("DMS", "Replication task has stopped", "")
