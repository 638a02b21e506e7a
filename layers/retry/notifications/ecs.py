"""ECS: tasks, services and deployments."""

import re

from aws_events.severity import severity_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

LISTED = 5
"""Containers that are listed."""
ASKED_FOR = frozenset({"UserInitiated", "ServiceSchedulerInitiated"})
"""Stop codes of tasks that somebody, a deployment or a scaling stopped."""
UNHEALTHY = re.compile(r"(?i)fail|unhealthy|error|interrupt|terminat")
STOPPED_BY_SIGNAL = frozenset({137, 143})
"""Exit codes after SIGKILL and SIGTERM, the signals with which ECS stops a container."""


def task(body: Body) -> Notification:
    """Return a change of a task: the containers that exited, with code and reason."""
    detail = body.at("detail")
    state, cluster = detail.text("lastStatus"), name_of(detail.text("clusterArn"))
    containers = detail.items("containers")
    name = detail.text("group").partition(":")[2] or name_of(detail.text("taskDefinitionArn"))
    exits = ", ".join(_exit(one) for one in containers[:LISTED] if one.has("exitCode") or one.text("reason"))
    stopped = hidden("reason", detail.text("stoppedReason"))
    why = stopped if detail.text("stopCode") in ASKED_FOR else exits
    is_now = f"task is {state.lower()}" if state else "task changed"
    return notification(
        body,
        status=Status.FIRING if state == "STOPPED" and _has_failed(detail, containers) else Status.NOTICE,
        label=state,
        title=name or "ECS task",
        summary=joined(why or exits or stopped or is_now, f"(cluster {cluster})" if cluster else "", by=" "),
        facts=(
            ("Stopped because", stopped),
            ("Stop code", detail.text("stopCode")),
            ("Containers", "\n".join(joined(one.text("name"), _exit(one), by=": ") for one in containers[:LISTED])),
            ("Task definition", name_of(detail.text("taskDefinitionArn"))),
            ("Launch type", detail.text("launchType")),
        ),
        resources=(detail.text("taskArn"), detail.text("clusterArn"), name),
        links=console(
            body.text("region"),
            "ecs/v2/clusters/{cluster}/tasks/{task}?region={region}",
            "Open task",
            cluster=cluster,
            task=name_of(detail.text("taskArn")),
        ),
    )


def _in(cluster: str) -> str:
    return f"(cluster {cluster})" if cluster else ""


def _has_failed(detail: Body, containers: tuple[Body, ...]) -> bool:
    """Return whether a task stopped because something is wrong."""
    codes = {one.number("exitCode") for one in containers} - {None, 0}
    if detail.text("stopCode") in ASKED_FOR:
        reasons = " ".join((detail.text("stoppedReason"), *(one.text("reason") for one in containers)))
        return bool(codes - STOPPED_BY_SIGNAL) or UNHEALTHY.search(reasons) is not None
    all_succeeded = bool(containers) and all(one.number("exitCode") == 0 for one in containers)
    return bool(codes) or (bool(detail.text("stopCode")) and not all_succeeded)


def _exit(container: Body) -> str:
    """Return `OutOfMemory, exit 137`."""
    reason = container.text("reason").partition(":")[0].removesuffix("Error")
    code = container.text("exitCode")
    return joined(reason, f"exit {code}" if code else "")


def service(body: Body) -> Notification:
    """Return an action of a service, or the state of its deployment."""
    detail = body.at("detail")
    event, word = detail.text("eventName"), detail.text("eventType")
    arn = next(iter(body.texts("resources")), "")
    parts = arn.rpartition(":")[2].split("/")
    name, cluster = parts[-1], parts[1] if len(parts) > 2 else name_of(detail.text("clusterArn"))  # noqa: PLR2004
    is_bad = word in {"ERROR", "WARN"} or event.endswith("FAILED")
    is_good = event.endswith(("COMPLETED", "STEADY_STATE"))
    why = hidden("reason", detail.text("reason")) or words(event.removeprefix("SERVICE_"))
    return notification(
        body,
        status=Status.FIRING if is_bad else Status.RESOLVED if is_good else Status.NOTICE,
        label=event.removeprefix("SERVICE_"),
        title=joined("ECS", name, by=" "),
        summary=joined(why, _in(cluster), by=" "),
        severity=severity_of(word) if is_bad else None,
        severity_word=word,
        facts=(
            ("Deployment", detail.text("deploymentId")),
            ("Capacity providers", ", ".join(map(name_of, detail.texts("capacityProviderArns")))),
            ("Event type", word),
        ),
        resources=(arn, name),
        links=console(
            body.text("region"),
            "ecs/v2/clusters/{cluster}/services/{service}/deployments?region={region}",
            "Open service",
            cluster=cluster,
            service=name,
        ),
    )
