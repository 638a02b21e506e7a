"""Step Functions: executions of state machines."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification
from notifications.numbers import duration


def execution(body: Body) -> Notification:
    """Return the end of an execution, with its error and cause; input and output are not shown."""
    detail = body.at("detail")
    state, arn, machine = detail.text("status"), detail.text("executionArn"), detail.text("stateMachineArn")
    start, stop = detail.time("startDate"), detail.time("stopDate")
    took = duration((stop - start).total_seconds()) if start and stop else ""
    ended = joined("execution", state.lower().replace("_", " "), f"after {took}" if took else "", by=" ")
    return notification(
        body,
        status=job_status(state),
        label=state,
        title=joined("Step Functions", name_of(machine), by=" "),
        summary=joined(detail.text("error"), _cause(detail), by=": ") or ended,
        facts=(("Execution", detail.text("name")), ("Took", took), ("Input and output", "hidden")),
        resources=(machine, arn),
        links=console(
            body.text("region"), "states/home?region={region}#/v2/executions/details/{arn}", "Open execution", arn=arn
        ),
    )


def _cause(detail: Body) -> str:
    """Return the cause; of the JSON that a Lambda function or an ECS task leaves there, its message only."""
    inner = detail.inner("cause")
    said = inner.text("errorMessage", "StoppedReason", "Error", "message") if inner.value else detail.text("cause")
    return hidden("cause", said)
