"""CodePipeline, CodeBuild, CodeDeploy and CodeCommit."""

import re

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import finished, joined, notification, words
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.numbers import duration

SHORT = 8
"""Characters of a commit id that people read."""


def pipeline(body: Body) -> Notification:
    """Return the state of a pipeline, a stage or an action, with the failed action's summary."""
    detail = body.at("detail")
    state = detail.text("state")
    failed = [
        one for one in body.items("additionalAttributes.failedActions") if one.text("additionalInformation", "action")
    ]
    result = detail.at("execution-result")
    where = joined(detail.text("stage"), detail.text("action"), by=" / ")
    summary = result.text("external-execution-summary", "error-code") or joined(
        *(joined(one.text("action"), one.text("additionalInformation"), by=": ") for one in failed[:2]), by="; "
    )
    return notification(
        body,
        status=finished(state) if state != "CANCELED" else Status.NOTICE,
        label=state,
        title=joined("CodePipeline", detail.text("pipeline"), by=" "),
        summary=joined(where, summary, by=": ") or "pipeline " + state.lower(),
        facts=(
            ("Stage", detail.text("stage") or body.text("additionalAttributes.failedStage")),
            ("Action", detail.text("action")),
            (
                "Trigger",
                joined(
                    detail.text("execution-trigger.trigger-type"),
                    name_of(detail.text("execution-trigger.trigger-detail")),
                    by=": ",
                ),
            ),
            ("Execution", detail.text("execution-id")),
        ),
        resources=(detail.text("pipeline"),),
        links=(
            *console(
                body.text("region"),
                "codesuite/codepipeline/pipelines/{name}/executions/{execution}/visualization?region={region}",
                "Open execution",
                name=detail.text("pipeline"),
                execution=detail.text("execution-id"),
            ),
        ),
    )


def pipeline_approval(body: Body) -> Notification:
    """Return the question of a manual approval, and until when it can be answered."""
    approval = body.at("approval")
    return notification(
        body,
        status=Status.NOTICE,
        label="APPROVAL",
        title=joined("CodePipeline", approval.text("pipelineName"), by=" "),
        summary=joined(
            joined(approval.text("stageName"), approval.text("actionName"), by=" / ") + " waits",
            approval.text("customData"),
            by=": ",
        ),
        facts=(("Expires", approval.text("expires")), ("To review", approval.text("externalEntityLink"))),
        resources=(approval.text("pipelineName"),),
        region=body.text("region"),
        links=console(
            body.text("region"),
            "codesuite/codepipeline/pipelines/{name}/view?region={region}",
            "Review",
            name=approval.text("pipelineName"),
        ),
    )


def build(body: Body) -> Notification:
    """Return the result of a build, with the phase that failed and its message."""
    detail = body.at("detail")
    state = detail.text("build-status", "completed-phase-status")
    information = detail.at("additional-information")
    failed = next(
        (one for one in information.items("phases") if one.text("phase-status") in {"FAILED", "FAULT", "TIMED_OUT"}),
        body.at("none"),
    )
    phase = failed.text("phase-type") or detail.text("completed-phase")
    message = next((text for text in failed.texts("phase-context") if len(text) > len(": ")), "") or detail.text(
        "completed-phase-context"
    ).strip("[]: ")
    seconds = information.at("phases.0").number("duration-in-seconds")
    return notification(
        body,
        status=finished(state),
        label=state,
        title=joined("CodeBuild", detail.text("project-name"), by=" "),
        summary=joined(
            joined("phase", phase, by=" ") if phase else "build " + state.lower().replace("_", " "),
            message.lstrip(": "),
            by=": ",
        ),
        facts=(
            ("Initiator", name_of(information.text("initiator"))),
            ("Source", information.text("source-version")[:64]),
            ("Started", information.text("build-start-time")),
            ("Duration", duration(seconds) if seconds else ""),
        ),
        resources=(detail.text("build-id"), detail.text("project-name")),
        links=_build(body, information, detail.text("project-name")),
    )


def _build(body: Body, information: Body, project: str) -> tuple[Link, ...]:
    log = information.text("logs.deep-link")
    logs = (Link("Logs", log),) if log.startswith("https://console.aws.amazon.com/") else ()
    page = "codesuite/codebuild/projects/{project}/history?region={region}"
    return (*console(body.text("region"), page, "Open builds", project=project), *logs)


def deployment(body: Body) -> Notification:
    """Return the state of a CodeDeploy deployment, from EventBridge."""
    detail = body.at("detail")
    return _deployment(
        body,
        state=detail.text("state"),
        application=detail.text("application"),
        group=detail.text("deploymentGroup"),
        deployment_id=detail.text("deploymentId"),
        reason=detail.text("instanceId"),
    )


def deployment_trigger(body: Body) -> Notification:
    """Return the state of a CodeDeploy deployment, from a trigger in SNS."""
    error = read_error(body)
    return _deployment(
        body,
        state=body.text("status", "instanceStatus"),
        application=body.text("applicationName"),
        group=body.text("deploymentGroupName"),
        deployment_id=body.text("deploymentId"),
        reason=error,
    )


def read_error(body: Body) -> str:
    """Return code and message of `errorInformation`, which is JSON in a string."""
    inner = re.search(r'"ErrorCode"\s*:\s*"([^"]*)".*?"ErrorMessage"\s*:\s*"([^"]*)"', body.text("errorInformation"))
    return joined(inner[1], inner[2], by=": ") if inner else ""


def _deployment(  # noqa: PLR0913 - the facts of a deployment, by name
    body: Body, *, state: str, application: str, group: str, deployment_id: str, reason: str
) -> Notification:
    region = body.text("region")
    return notification(
        body,
        status=finished(state),
        label=state.upper(),
        title=joined("CodeDeploy", application, by=" "),
        summary=joined(f"group {group}" if group else "", reason, by=": ") or deployment_id,
        facts=(
            ("Deployment", deployment_id),
            ("Started", body.text("createTime")),
            ("Completed", body.text("completeTime")),
        ),
        resources=(application, deployment_id),
        account=body.text("accountId"),
        links=console(
            region, "codesuite/codedeploy/deployments/{id}?region={region}", "Open deployment", id=deployment_id
        ),
    )


def repository(body: Body) -> Notification:
    """Return what changed in a CodeCommit repository, and who did it."""
    detail = body.at("detail")
    event = detail.text("event")
    title = detail.text("title") or joined(detail.text("referenceType"), detail.text("referenceName"), by=" ")
    return notification(
        body,
        status=Status.NOTICE,
        label="CodeCommit",
        title=joined(detail.text("repositoryName") or ", ".join(detail.texts("repositoryNames")), by=""),
        summary=joined(
            words(event),
            title,
            f"by {name_of(detail.text('author', 'callerUserArn'))}" if detail.text("author", "callerUserArn") else "",
        ),
        facts=(
            ("Commit", detail.text("commitId")[:SHORT]),
            ("From", detail.text("sourceReference")),
            ("To", detail.text("destinationReference")),
        ),
        resources=(detail.text("repositoryName"),),
        links=console(
            body.text("region"),
            "codesuite/codecommit/repositories/{name}/browse?region={region}",
            "Open repository",
            name=detail.text("repositoryName") or next(iter(detail.texts("repositoryNames")), ""),
        ),
    )
