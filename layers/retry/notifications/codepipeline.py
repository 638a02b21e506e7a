"""CodePipeline: executions, stages and actions, and requests for manual approval."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status

SHOWN = 2
"""Failed actions in the line."""


def pipeline(body: Body) -> Notification:
    """Return the state of a pipeline, a stage or an action, with the failed action's summary."""
    detail = body.at("detail")
    state, name = detail.text("state"), detail.text("pipeline")
    where = joined(detail.text("stage"), detail.text("action"), by=" / ")
    return notification(
        body,
        status=job_status(state),
        label=state,
        title=joined("CodePipeline", name, by=" "),
        summary=joined(where, _problem(body, detail), by=": ") or "pipeline " + _words(state),
        facts=(
            ("Stage", detail.text("stage") or body.text("additionalAttributes.failedStage")),
            ("Action", detail.text("action")),
            ("Trigger", _trigger(detail.at("execution-trigger"))),
            ("Execution", detail.text("execution-id")),
        ),
        resources=(name,),
        links=_page(body.text("region"), name, detail.text("execution-id")),
    )


def _problem(body: Body, detail: Body) -> str:
    """Return the message of the failed action, from EventBridge or from CodeStar Notifications."""
    result = detail.at("execution-result")
    failed = [
        joined(one.text("action"), one.text("additionalInformation"), by=": ")
        for one in body.items("additionalAttributes.failedActions")
    ]
    said = result.text("external-execution-summary", "error-code") or joined(*failed[:SHOWN], by="; ")
    return hidden("summary", said) or (_words(detail.text("state")) if detail.text("stage") else "")


def _words(state: str) -> str:
    return state.lower().replace("_", " ")


def _trigger(trigger: Body) -> str:
    return joined(trigger.text("trigger-type"), name_of(trigger.text("trigger-detail")), by=": ")


def _page(region: str, name: str, execution: str) -> tuple[Link, ...]:
    page = "codesuite/codepipeline/pipelines/{name}/executions/{execution}/visualization?region={region}"
    return console(region, page, "Open execution", name=name, execution=execution)


def pipeline_approval(body: Body) -> Notification:
    """Return the request for a manual approval and its deadline."""
    approval = body.at("approval")
    name, until = approval.text("pipelineName"), approval.time("expires")
    end = f"until {until:%a %d %b %H:%M %Z}" if until else ""
    action = joined(approval.text("stageName"), approval.text("actionName"), by=" / ")
    subject = approval.text("externalEntityLink")
    return notification(
        body,
        status=Status.NOTICE,
        label="APPROVAL",
        title=joined("CodePipeline", name, by=" "),
        summary=joined(
            joined(action, "waits for approval", end, by=" "), hidden("data", approval.text("customData")), by=": "
        ),
        facts=(("Expires", approval.text("expires")), ("To review", subject)),
        resources=(name,),
        links=(
            *console(
                body.text("region"), "codesuite/codepipeline/pipelines/{name}/view?region={region}", "Review", name=name
            ),
            *((Link("What to review", subject),) if subject.startswith("https://") else ()),
        ),
    )
