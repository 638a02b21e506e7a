"""AWS Glue: jobs, crawlers and checks of data quality."""

from aws_events.severity import severity_of
from notifications.body import Body
from notifications.building import job_status, joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status


def run(body: Body) -> Notification:
    """Return the state of a job, a crawler or a check."""
    detail = body.at("detail")
    state, word = detail.text("state", "result.State", "resultState"), detail.text("severity")
    name = detail.text("jobName", "crawlerName", "rulesetNames.0", "tableName")
    what = words(body.text("detail-type").removeprefix("Glue ").removesuffix(" State Change"))
    ended = joined(what, state.lower(), by=" ")
    status = job_status(state)
    return notification(
        body,
        status=status,
        label=state.upper() or "Glue",
        title=joined("Glue", name, by=" "),
        summary=hidden("message", detail.text("errorMessage", "message", "warningMessage")) or ended,
        severity=severity_of(word) if status is Status.FIRING else None,
        severity_word=word,
        facts=(
            ("Run", detail.text("jobRunId")),
            ("Score", detail.text("score")),
            ("Rules failed", detail.text("numRulesFailed")),
        ),
        resources=(name,),
        links=_page(body.text("region"), detail.text("jobName"), detail.text("jobRunId")),
    )


def _page(region: str, job: str, run_id: str) -> tuple[Link, ...]:
    if not run_id:
        return console(region, "gluestudio/home?region={region}#/editor/job/{job}/runs", "Open job", job=job)
    return console(region, "gluestudio/home?region={region}#/job/{job}/run/{run}", "Open run", job=job, run=run_id)
