"""Operations: Systems Manager, Incident Manager, Service Quotas, EKS, Route 53, DevOps Guru, EventBridge Scheduler."""

from aws_events.severity import Severity, severity_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import finished, joined, notification, words
from notifications.links import console
from notifications.models import Notification, Status

IMPACTS = {"1": Severity.CRITICAL, "2": Severity.HIGH, "3": Severity.MEDIUM, "4": Severity.LOW, "5": Severity.INFO}
"""From: https://docs.aws.amazon.com/incident-manager/latest/userguide/incidents.html"""


def ssm_command(body: Body) -> Notification:
    """Return the state of a Run Command, an Automation or a maintenance window."""
    detail = body.at("detail")
    state = detail.text("status", "Status", "state")
    name = detail.text("document-name", "Definition", "documentName", "window-id")
    execution = detail.text("command-id", "ExecutionId", "window-execution-id")
    return notification(
        body,
        status=finished(state) if state.lower() != "cancelled" else Status.NOTICE,
        label=state.upper(),
        title=joined("SSM", name, by=" "),
        summary=joined(
            words(body.text("detail-type").partition(" Status-change")[0].partition(" Execution State-change")[0]),
            detail.text("StepName", "step-name", "instance-id"),
            joined(state.lower(), detail.text("failure-message", "FailureMessage", "status-details"), by=": "),
            by=" ",
        ),
        facts=(("Execution", execution), ("Instance", detail.text("instance-id"))),
        resources=(name, detail.text("instance-id")),
        links=console(
            body.text("region"),
            "systems-manager/automation/execution/{id}?region={region}",
            "Open execution",
            id=detail.text("ExecutionId"),
        ),
    )


def ssm_message(body: Body) -> Notification:
    """Return the state of a Run Command, from SNS."""
    state = body.text("status", "detailedStatus")
    return notification(
        body,
        status=finished(state),
        label=state.upper(),
        title=joined("SSM", body.text("documentName"), by=" "),
        summary=joined(
            "run command", state.lower(), f"on {body.text('instanceId')}" if body.text("instanceId") else "", by=" "
        ),
        facts=(("Command", body.text("commandId")), ("Instances", ", ".join(body.texts("instanceIds")))),
        resources=(body.text("documentName"), body.text("instanceId")),
        occurred_at=body.time("eventTime"),
    )


def incident(body: Body) -> Notification:
    """Return an incident of Incident Manager."""
    detail = body.at("detail")
    record = next(iter(body.texts("resources")), detail.text("incidentRecordArn"))
    impact, state = detail.text("impact"), detail.text("status", "state")
    is_over = state.upper() == "RESOLVED"
    return notification(
        body,
        status=Status.RESOLVED if is_over else Status.FIRING,
        label=state.upper() or "INCIDENT",
        title=joined("incident", detail.text("title") or name_of(record), by=" "),
        summary=joined(f"impact {impact}" if impact else "", detail.text("summary") or words(body.text("detail-type"))),
        severity=IMPACTS.get(impact),
        severity_word=impact,
        facts=(("Impact", impact), ("Created by", name_of(detail.text("createdBy", "updatedBy")))),
        resources=(record,),
    )


def quota(body: Body) -> Notification:
    """Return a request to raise a quota, or a quota that is nearly used."""
    detail = body.at("detail")
    state = detail.text("status", "request-status")
    name = detail.text("quota-name", "quotaName", "limitName")
    return notification(
        body,
        status=Status.FIRING
        if state in {"DENIED", "NOT_APPROVED", "WARN", "ERROR"}
        else Status.RESOLVED
        if state in {"APPROVED", "OK"}
        else Status.NOTICE,
        label=state or "QUOTA",
        title=joined(
            "Service Quotas", joined(detail.text("service-code", "serviceCode", "service"), name, by=" / "), by=" "
        ),
        summary=joined(
            "increase to",
            detail.text("new-quota-value", "newQuotaValue", "desiredValue"),
            state.lower().replace("_", " "),
            by=" ",
        ),
        facts=(("Request", detail.text("request-id", "requestId")), ("Quota", detail.text("quota-code", "quotaCode"))),
    )


def eks(body: Body) -> Notification:
    """Return the state of a cluster, a node group, an add-on or an update."""
    detail = body.at("detail")
    state = detail.text("status", "update.status", "addon.status", "cluster.status", "nodegroup.status")
    name = detail.text("clusterName", "cluster.name", "name") or name_of(next(iter(body.texts("resources")), ""))
    what = detail.text("nodegroupName", "addonName", "update.type", "type")
    return notification(
        body,
        status=finished(state),
        label=state.upper() or "EKS",
        title=joined("EKS" if state else "", joined(name, what, by=" / "), by=" "),
        summary=detail.text("errorMessage", "update.errors.0.errorMessage", "statusReason")
        or joined(words(body.text("detail-type").removeprefix("EKS ")), state.lower(), by=" "),
        resources=(name,),
        links=console(body.text("region"), "eks/clusters/{name}?region={region}", "Open cluster", name=name),
    )


def route53(body: Body) -> Notification:
    """Return an event of a health check, a domain or a hosted zone."""
    detail = body.at("detail")
    state = detail.text("status", "eventName")
    name = detail.text("healthCheckName", "domainName", "requestParameters.domainName") or name_of(
        detail.text("healthCheckId", "hostedZoneId", "requestParameters.hostedZoneId")
    )
    return notification(
        body,
        status=Status.FIRING if state.upper() == "UNHEALTHY" else finished(state),
        label=state.upper() if detail.text("status") else "Route 53",
        title=joined("Route 53" if detail.text("status") else "", name, by=" "),
        summary=detail.text("reason", "message") or words(detail.text("eventName") or body.text("detail-type")),
        facts=(("By", name_of(detail.text("userIdentity.arn"))),),
        resources=(name,),
    )


def devops_guru(body: Body) -> Notification:
    """Return an insight of DevOps Guru, from EventBridge or SNS."""
    detail = body.at("detail") if body.has("detail") else body
    word = detail.text("insightSeverity")
    is_over = "CLOSED" in body.text("MessageType") or "Closed" in body.text("detail-type")
    anomalies = detail.items("anomalies")
    sources = [
        name_of(source.text("dataIdentifiers.name")) for one in anomalies for source in one.items("sourceDetails")
    ]
    return notification(
        body,
        status=Status.RESOLVED if is_over else Status.FIRING,
        label="CLOSED" if is_over else word.upper() or "OPEN",
        title="DevOps Guru",
        summary=detail.text("insightDescription")
        or joined(words(detail.text("insightType")), "insight", ", ".join(dict.fromkeys(sources[:3])), by=" "),
        severity=severity_of(word),
        severity_word=word,
        facts=(("Anomalies", str(len(anomalies)) if anomalies else ""), ("Metrics", ", ".join(dict.fromkeys(sources)))),
        account=detail.text("accountId"),
        region=detail.text("region"),
        occurred_at=detail.time("startTime"),
    )


def scheduler(body: Body) -> Notification:
    """Return a target that EventBridge Scheduler or a rule could not invoke, from its dead-letter queue."""
    return notification(
        body,
        status=Status.FIRING,
        label="FAILED",
        title=joined("schedule", name_of(body.text("schedule", "scheduleArn", "ruleArn")), by=" "),
        summary=body.text("errorMessage", "ERROR_MESSAGE", "errorCode") or "target was not invoked",
        facts=(("Error", body.text("errorCode")), ("Attempts", body.text("retryAttempts"))),
        resources=(body.text("scheduleArn", "ruleArn"),),
    )
