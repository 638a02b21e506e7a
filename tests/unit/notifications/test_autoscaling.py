import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed

INSTANCE = "instance terminate i-0a1b2c3d4e5f60718"


@pytest.mark.parametrize(
    ("cause", "summary"),
    [
        ("At 2026-01-31T02:13Z an instance was taken out. At 2026-01-31T02:14Z x.", f"{INSTANCE}: taken out"),
        ("At 2026-01-31T02:13Z a user changed the capacity.", f"{INSTANCE}: a user changed the capacity"),
        ("", INSTANCE),
    ],
)
def test_the_first_sentence_of_the_cause_is_in_the_line(cause: str, summary: str) -> None:
    assert changed("autoscaling-terminated.json", Cause=cause).summary == summary


@pytest.mark.parametrize(
    ("event", "label", "status"),
    [
        ("autoscaling:EC2_INSTANCE_LAUNCH", "Auto Scaling", Status.NOTICE),
        ("autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "FAILED", Status.FIRING),
        ("autoscaling:EC2_INSTANCE_TERMINATE_ERROR", "FAILED", Status.FIRING),
        ("autoscaling:TEST_NOTIFICATION", "Auto Scaling", Status.NOTICE),
    ],
)
def test_an_error_of_a_launch_or_a_termination_is_a_failure(event: str, label: str, status: Status) -> None:
    said = changed("autoscaling-terminated.json", Event=event)
    assert (said.label, said.status) == (label, status)


def test_the_test_message_of_a_group_says_so() -> None:
    said = changed("autoscaling-terminated.json", Event="autoscaling:TEST_NOTIFICATION", EC2InstanceId=None, Cause=None)
    assert said.summary == "test notification"
