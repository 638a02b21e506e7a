"""AWS Batch: jobs."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification
from notifications.hiding import hidden
from notifications.links import console, log_group
from notifications.models import Notification

LOG_GROUP = "/aws/batch/job"
"""Where Batch writes the logs of jobs that name no other group."""


def job(body: Body) -> Notification:
    """Return the state of a job, with its reason and exit code."""
    detail = body.at("detail")
    state, container, attempts = detail.text("status"), detail.at("container"), detail.items("attempts")
    code, stream = container.text("exitCode"), container.text("logStreamName")
    queue, region = name_of(detail.text("jobQueue")), body.text("region")
    why = detail.text("statusReason", "container.reason") or f"job {state.lower()}"
    return notification(
        body,
        status=job_status(state),
        label=state,
        title=joined("Batch", detail.text("jobName"), by=" "),
        summary=joined(
            joined(hidden("reason", why), f"exit {code}" if code else ""), f"(queue {queue})" if queue else "", by=" "
        ),
        facts=(
            ("Queue", queue),
            ("Attempts", f"{len(attempts):,}" if attempts else ""),
            ("Log stream", stream),
            ("Job definition", name_of(detail.text("jobDefinition"))),
        ),
        resources=(detail.text("jobArn"), detail.text("jobName")),
        links=(
            *console(region, "batch/home?region={region}#jobs/detail/{job}", "Open job", job=detail.text("jobId")),
            *(log_group(region, LOG_GROUP, stream) if stream else ()),
        ),
    )
