"""Systems Manager: Run Command, Automation, State Manager and maintenance windows."""

from notifications.body import Body
from notifications.building import job_status, joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status

KINDS = {
    "EC2 Command": "command",
    "EC2 Automation Execution": "automation",
    "EC2 Automation Step": "automation step",
    "EC2 State Manager": "association",
    "Maintenance Window Target": "target of the maintenance window",
    "Maintenance Window Task": "task of the maintenance window",
    "Maintenance Window": "maintenance window",
}
"""Words for an execution, by the beginning of its detail-type."""

BAD = frozenset({"undeliverable", "terminated", "invalid platform", "rate exceeded", "no instances in tag"})
"""States of a command that did not run, which `job_status` does not recognise."""


def execution(body: Body) -> Notification:
    """Return the state of an execution and the instance or the step that it is about."""
    detail = body.at("detail")
    state = detail.text("status", "Status", "state")
    instance, step = detail.text("instance-id", "target-id"), detail.text("StepName", "step-name")
    name = detail.text("document-name", "Definition", "documentName", "association-name", "window-id")
    kind = next((words for start, words in KINDS.items() if body.text("detail-type").startswith(start)), "execution")
    problem = detail.text("failure-message", "FailureMessage", "status-details", "detailed-status")
    said = joined(kind, step, words(state), f"on {instance}" if instance else "", by=" ")
    return notification(
        body,
        status=_status(state),
        label=words(state).upper() or "SSM",
        title=joined("SSM", name, by=" "),
        summary=joined(said, hidden("message", problem) if problem.lower() != state.lower() else "", by=": "),
        facts=(
            ("Execution", detail.text("command-id", "ExecutionId", "window-execution-id")),
            ("Window", detail.text("window-id")),
            ("Instance", instance),
        ),
        resources=(name, instance),
        links=_page(body.text("region"), detail.text("ExecutionId"), detail.text("command-id")),
    )


def _status(state: str) -> Status:
    return Status.FIRING if words(state) in BAD else job_status(state)


def _page(region: str, execution: str, command: str) -> tuple[Link, ...]:
    """Return the page of an automation or of a command."""
    automation = "systems-manager/automation/execution/{id}?region={region}"
    run_command = "systems-manager/run-command/{id}?region={region}"
    return (
        *console(region, automation, "Open execution", id=execution),
        *console(region, run_command, "Open command", id=command),
    )


def message(body: Body) -> Notification:
    """Return the state of a command, from SNS."""
    state, instance = body.text("status", "detailedStatus"), body.text("instanceId")
    others = body.texts("instanceIds")
    on = instance or (f"{len(others):,} instances" if len(others) > 1 else next(iter(others), ""))
    return notification(
        body,
        status=_status(state),
        label=words(state).upper(),
        title=joined("SSM", body.text("documentName"), by=" "),
        summary=joined("command", words(state), f"on {on}" if on else "", by=" "),
        facts=(("Command", body.text("commandId")), ("Instances", ", ".join(others))),
        resources=(body.text("documentName"), instance, *others),
        occurred_at=body.time("eventTime"),
    )
