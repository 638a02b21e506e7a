import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, read_sample

COMMAND = "EC2 Command Status-change Notification"
DETAIL = {"status": "TimedOut", "document-name": "AWS-RunShellScript", "command-id": "e8d3"}
WINDOW = {"status": "SUCCESS", "window-id": "mw-0a1b", "window-execution-id": "1a2b"}


@pytest.mark.parametrize(
    ("kind", "detail", "summary", "status"),
    [
        (COMMAND, DETAIL, "command timed out", Status.FIRING),
        (
            "EC2 Command Invocation Status-change Notification",
            DETAIL | {"instance-id": "i-0a"},
            "command timed out on i-0a",
            Status.FIRING,
        ),
        (
            "EC2 Automation Step Status-change Notification",
            {"Status": "Failed", "Definition": "restart", "StepName": "stop", "FailureMessage": "denied"},
            "automation step stop failed: denied",
            Status.FIRING,
        ),
        (COMMAND, DETAIL | {"status": "Cancelled"}, "command cancelled", Status.NOTICE),
        (
            "Maintenance Window Execution State-change Notification",
            WINDOW,
            "maintenance window success",
            Status.RESOLVED,
        ),
        (
            "Maintenance Window Target Registration Notification",
            WINDOW | {"status": "DEREGISTERED"},
            "target of the maintenance window deregistered",
            Status.NOTICE,
        ),
        (
            "EC2 State Manager Instance Association State Change",
            {"status": "Failed", "detailed-status": "Failed", "document-name": "AWS-Patch", "instance-id": "i-0a"},
            "association failed on i-0a",
            Status.FIRING,
        ),
    ],
)
def test_each_execution_says_what_it_is_and_where(
    kind: str, detail: dict[str, str], summary: str, status: Status
) -> None:
    said = changed("ssm-command-failed.json", **{"detail-type": kind, "detail": detail})
    assert (said.summary, said.status) == (summary, status)


def test_an_automation_and_a_command_have_pages_of_their_own() -> None:
    assert "/automation/execution/" in changed("ssm-automation.json").links[0].url
    assert "/run-command/" in changed("ssm-command-failed.json").links[0].url


def test_a_command_on_several_instances_counts_them() -> None:
    several = {"instanceId": None, "instanceIds": ["i-0a", "i-0b"]}
    assert changed("ssm-command-message.json", **several).summary == "command timed out on 2 instances"
    assert read_sample("ssm-command-message.json")["instanceId"]


STATES = "Incomplete Undeliverable Terminated InvalidPlatform AccessDenied RateExceeded NoInstancesInTag"


@pytest.mark.parametrize("state", STATES.split())
def test_a_command_that_did_not_run_everywhere_has_failed(state: str) -> None:
    assert changed("ssm-command-message.json", status=state).status is Status.FIRING
    event = {"detail-type": COMMAND, "detail": DETAIL | {"status": state}}
    assert changed("ssm-command-failed.json", **event).status is Status.FIRING
