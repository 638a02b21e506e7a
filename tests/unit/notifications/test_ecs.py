from typing import Any

import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, changed_detail

ASKED = "ServiceSchedulerInitiated"


def container(code: int | None, reason: str = "") -> dict[str, Any]:
    return {"name": "api", "lastStatus": "STOPPED", "exitCode": code, "reason": reason}


@pytest.mark.parametrize(
    ("stop_code", "stopped_reason", "containers", "status"),
    [
        ("EssentialContainerExited", "Essential container in task exited", [container(1)], Status.FIRING),
        ("EssentialContainerExited", "Essential container in task exited", [container(0)], Status.NOTICE),
        ("EssentialContainerExited", "Essential container in task exited", [container(None)], Status.FIRING),
        ("TaskFailedToStart", "CannotPullContainerError: no image", [container(None)], Status.FIRING),
        ("SpotInterruption", "Your Spot Task was interrupted.", [container(0), container(137)], Status.FIRING),
        (ASKED, "Scaling activity initiated by (deployment ecs-svc/1)", [container(143)], Status.NOTICE),
        (ASKED, "Scaling activity initiated by (deployment ecs-svc/1)", [container(137)], Status.NOTICE),
        (ASKED, "Scaling activity initiated by (deployment ecs-svc/1)", [container(1)], Status.FIRING),
        (ASKED, "Task failed ELB health checks in (target-group web)", [container(143)], Status.FIRING),
        (ASKED, "Scaling activity", [container(137, "OutOfMemoryError: killed")], Status.FIRING),
        ("UserInitiated", "Task stopped by user", [container(137)], Status.NOTICE),
        ("", "", [container(0)], Status.NOTICE),
    ],
)
def test_a_task_that_somebody_stopped_is_no_failure(
    stop_code: str, stopped_reason: str, containers: list[object], status: Status
) -> None:
    task = {"stopCode": stop_code, "stoppedReason": stopped_reason, "containers": containers}
    assert changed_detail("ecs-task-stopped.json", **task).status is status


def test_a_task_that_a_deployment_stopped_says_so() -> None:
    reason = "Scaling activity initiated by (deployment ecs-svc/1)"
    said = changed_detail("ecs-task-stopped.json", stopCode=ASKED, stoppedReason=reason, containers=[container(143)])
    assert said.summary == f"{reason} (cluster prod)"


@pytest.mark.parametrize(
    ("word", "event", "status"),
    [
        ("ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", Status.FIRING),
        ("WARN", "SERVICE_TASK_START_IMPAIRED", Status.FIRING),
        ("INFO", "SERVICE_STEADY_STATE", Status.RESOLVED),
        ("INFO", "SERVICE_DESIRED_COUNT_UPDATED", Status.NOTICE),
    ],
)
def test_an_action_of_a_service_has_the_status_of_its_type(word: str, event: str, status: Status) -> None:
    said = changed_detail("ecs-service-action.json", eventType=word, eventName=event)
    assert (said.status, said.severity_word) == (status, word)


def test_a_service_of_the_old_arn_takes_its_cluster_from_the_detail() -> None:
    said = changed("ecs-service-action.json", resources=["arn:aws:ecs:eu-west-1:111122223333:service/api"])
    assert (said.title, said.summary) == ("ECS api", "task start impaired (cluster prod)")
