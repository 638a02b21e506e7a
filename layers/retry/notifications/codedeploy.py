"""CodeDeploy: deployments and instances, from EventBridge and from a trigger in SNS."""

from notifications.body import Body
from notifications.building import job_status, joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

STOP = "STOP"
"""The state of EventBridge for a deployment that an alarm or a person stopped; in SNS it is STOPPED."""


def deployment(body: Body) -> Notification:
    """Return the state of a deployment, or of one instance in it, from EventBridge."""
    detail = body.at("detail")
    instance = detail.text("instanceId")
    return _deployment(
        body,
        state=detail.text("state"),
        application=detail.text("application"),
        group=detail.text("deploymentGroup"),
        deployment_id=detail.text("deploymentId"),
        reason=f"instance {instance}" if instance else "",
    )


def deployment_trigger(body: Body) -> Notification:
    """Return the state of a deployment, from a trigger in SNS."""
    error = body.inner("errorInformation")
    return _deployment(
        body,
        state=body.text("status", "instanceStatus"),
        application=body.text("applicationName"),
        group=body.text("deploymentGroupName"),
        deployment_id=body.text("deploymentId"),
        reason=joined(error.text("ErrorCode"), error.text("ErrorMessage"), by=": "),
    )


def _deployment(  # noqa: PLR0913 - the facts of a deployment, by name
    body: Body, *, state: str, application: str, group: str, deployment_id: str, reason: str
) -> Notification:
    page = "codesuite/codedeploy/deployments/{id}?region={region}"
    where = joined(f"group {group}" if group else "", deployment_id)
    return notification(
        body,
        status=Status.FIRING if state == STOP else job_status(state),
        label=state.upper(),
        title=joined("CodeDeploy", application, by=" "),
        summary=joined(where, hidden("reason", reason), by=": "),
        facts=(
            ("Deployment", deployment_id),
            ("Started", body.text("createTime")),
            ("Completed", body.text("completeTime")),
        ),
        resources=(application, deployment_id),
        account=body.text("accountId"),
        links=console(body.text("region"), page, "Open deployment", id=deployment_id),
    )
