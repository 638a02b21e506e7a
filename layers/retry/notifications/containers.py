"""Containers: tasks and services of ECS, jobs of Batch."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import finished, joined, notification, words
from notifications.links import console
from notifications.models import Notification, Status

LISTED = 5
"""Containers that are listed."""
WANTED = frozenset({"EssentialContainerExited", "TaskFailedToStart", "SpotInterruption", "TerminationNotice"})
"""Stop codes of tasks that nobody stopped on purpose."""


def ecs_task(body: Body) -> Notification:
    """Return a change of a task: the containers that exited, with code and reason."""
    detail = body.at("detail")
    state = detail.text("lastStatus")
    containers = detail.items("containers")
    exits = [_exit(one) for one in containers if one.has("exitCode") or one.text("reason")]
    has_failed = detail.text("stopCode") in WANTED or any(one.number("exitCode") not in {None, 0} for one in containers)
    cluster = name_of(detail.text("clusterArn"))
    task = detail.text("group").partition(":")[2] or name_of(detail.text("taskDefinitionArn"))
    why = ", ".join(exits[:LISTED]) or detail.text("stoppedReason")
    return notification(
        body,
        status=Status.FIRING if state == "STOPPED" and has_failed else Status.NOTICE,
        label=state,
        title=task or "ECS task",
        summary=joined(why or "task", f"(cluster {cluster})" if cluster else "", by=" "),
        facts=(
            ("Stopped because", detail.text("stoppedReason")),
            ("Stop code", detail.text("stopCode")),
            ("Containers", "\n".join(joined(one.text("name"), _exit(one), by=": ") for one in containers[:LISTED])),
            ("Task definition", name_of(detail.text("taskDefinitionArn"))),
            ("Launch type", detail.text("launchType")),
        ),
        resources=(detail.text("taskArn"), detail.text("clusterArn"), task),
        links=console(
            body.text("region"),
            "ecs/v2/clusters/{cluster}/tasks/{task}?region={region}",
            "Open task",
            cluster=cluster,
            task=name_of(detail.text("taskArn")),
        ),
    )


def _exit(container: Body) -> str:
    """Return `OutOfMemory, exit 137`."""
    reason = container.text("reason").partition(":")[0].removesuffix("Error")
    code = container.text("exitCode")
    return joined(reason, f"exit {code}" if code else "")


def ecs_service(body: Body) -> Notification:
    """Return an action of a service, or the state of its deployment."""
    detail = body.at("detail")
    event = detail.text("eventName")
    arn = next(iter(body.texts("resources")), "")
    parts = arn.rpartition(":")[2].split("/")
    service, cluster = parts[-1], parts[1] if len(parts) > 2 else name_of(detail.text("clusterArn"))  # noqa: PLR2004
    is_bad = detail.text("eventType") == "ERROR" or event.endswith("FAILED")
    good = event.endswith(("COMPLETED", "STEADY_STATE"))
    return notification(
        body,
        status=Status.FIRING if is_bad else Status.RESOLVED if good else Status.NOTICE,
        label=event.removeprefix("SERVICE_"),
        title=joined("ECS", service, by=" "),
        summary=joined(detail.text("reason") or words(event), f"(cluster {cluster})" if cluster else "", by=" "),
        facts=(("Deployment", detail.text("deploymentId")), ("Event type", detail.text("eventType"))),
        resources=(arn, service),
        links=console(
            body.text("region"),
            "ecs/v2/clusters/{cluster}/services/{service}/deployments?region={region}",
            "Open service",
            cluster=cluster,
            service=service,
        ),
    )


def batch_job(body: Body) -> Notification:
    """Return the state of a Batch job, with its reason and exit code."""
    detail = body.at("detail")
    state, container = detail.text("status"), detail.at("container")
    code = container.text("exitCode")
    return notification(
        body,
        status=finished(state),
        label=state,
        title=joined("Batch", detail.text("jobName"), by=" "),
        summary=joined(
            detail.text("statusReason", "container.reason") or f"job {state.lower()}", f"exit {code}" if code else ""
        ),
        facts=(
            ("Queue", name_of(detail.text("jobQueue"))),
            ("Attempts", str(len(detail.items("attempts"))) if detail.items("attempts") else ""),
            ("Log stream", container.text("logStreamName")),
            ("Job definition", name_of(detail.text("jobDefinition"))),
        ),
        resources=(detail.text("jobArn"), detail.text("jobName")),
        links=console(
            body.text("region"), "batch/home?region={region}#jobs/detail/{job}", "Open job", job=detail.text("jobId")
        ),
    )
