"""CloudTrail: calls of the AWS API, console sign-ins, unusual activity. Request and response bodies are not shown."""

from aws_events.severity import Severity
from notifications.activity_actor import actor_of, agent_of, origin_of
from notifications.activity_request import request_of
from notifications.body import Body
from notifications.building import counted, joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.numbers import exact

BLINDING = {
    "StopLogging",
    "DeleteTrail",
    "UpdateTrail",
    "PutEventSelectors",
    "DeleteDetector",
    "DisableSecurityHub",
    "DeleteFlowLogs",
    "StopConfigurationRecorder",
    "DeleteConfigurationRecorder",
    "DisableKey",
    "ScheduleKeyDeletion",
    "LeaveOrganization",
}
"""Calls that end an audit or destroy a key: HIGH."""
GRANTING = {
    "CreateUser",
    "CreateAccessKey",
    "CreateLoginProfile",
    "UpdateLoginProfile",
    "AttachUserPolicy",
    "AttachRolePolicy",
    "AttachGroupPolicy",
    "PutUserPolicy",
    "PutRolePolicy",
    "PutGroupPolicy",
    "CreatePolicyVersion",
    "SetDefaultPolicyVersion",
    "UpdateAssumeRolePolicy",
    "AddUserToGroup",
    "DeactivateMFADevice",
    "DeleteVirtualMFADevice",
    "CreateSAMLProvider",
    "CreateOpenIDConnectProvider",
    "AuthorizeSecurityGroupIngress",
    "PutBucketPolicy",
    "PutBucketAcl",
    "DeleteBucketPublicAccessBlock",
    "DeleteAccountPublicAccessBlock",
}
"""Calls that give access to somebody: MEDIUM."""


def api_call(body: Body) -> Notification:
    """Return who called what, on which resource, from where, and the error."""
    detail = body.at("detail")
    service, call = detail.text("eventSource").partition(".")[0].upper(), detail.text("eventName")
    error, named = detail.text("errorCode"), request_of(detail)
    actor, origin = actor_of(detail), origin_of(detail)
    severity = _severity(detail)
    return notification(
        body,
        status=Status.FIRING if error or severity else Status.NOTICE,
        label="FAILED" if error else severity.value.upper() if severity else service or "API",
        title=joined(service if error or severity else "", call, by=" ") or "API call",
        summary=joined(error, next((value for _, value in named), ""), f"by {actor}", origin and f"from {origin}"),
        reason=hidden("errorMessage", detail.text("errorMessage")),
        severity=severity,
        facts=(("Actor", actor), ("From", origin), ("Client", agent_of(detail)), ("Error", error), *named),
        resources=(one.text("ARN", "arn") for one in detail.items("resources")),
        account=body.text("account") or detail.text("recipientAccountId"),
        region=detail.text("awsRegion"),
        links=_event(body, detail),
    )


def _severity(detail: Body) -> Severity | None:
    call = detail.text("eventName")
    if call in BLINDING or (detail.text("userIdentity.type") == "Root" and not detail.has("errorCode")):
        return Severity.HIGH
    return Severity.MEDIUM if call in GRANTING else None


def sign_in(body: Body) -> Notification:
    """Return who signed in; a failure, a sign-in without MFA and the root user are bad.

    An identity provider has an MFA of its own: CloudTrail records "No" for its users.
    """
    detail = body.at("detail")
    result = next(filter(None, map(detail.at("responseElements").text, ("ConsoleLogin", "SwitchRole"))), "")
    failed, root = result == "Failure", detail.text("userIdentity.type") == "Root"
    used = detail.text("additionalEventData.MFAUsed")
    unprotected = not failed and used == "No" and detail.text("userIdentity.type") in {"IAMUser", "Root"}
    severity = Severity.HIGH if root else Severity.MEDIUM if failed or unprotected else None
    actor, origin = actor_of(detail), origin_of(detail)
    error = hidden("errorMessage", detail.text("errorMessage"))
    mfa = "without MFA" if unprotected else "with MFA" if used == "Yes" else ""
    return notification(
        body,
        status=Status.FIRING if severity else Status.NOTICE,
        label=result.upper() or "SIGN-IN",
        title=f"Console sign-in of {actor}",
        summary=joined(error, _switched(detail), mfa, origin and f"from {origin}") or "signed in",
        severity=severity,
        facts=(("User", actor), ("MFA", used), ("From", origin), ("Client", agent_of(detail)), ("Error", error)),
        account=body.text("account") or detail.text("recipientAccountId", "userIdentity.accountId"),
        region=detail.text("awsRegion"),
        links=_event(body, detail),
    )


def _switched(detail: Body) -> str:
    role = detail.text("additionalEventData.SwitchTo").rpartition("/")[2]
    return f"switched to {role}" if role else ""


def insight(body: Body) -> Notification:
    """Return an unusual number of calls or of errors, against the usual one."""
    detail = body.at("detail")
    found = detail.at("insightDetails")
    state, kind = found.text("state"), found.text("insightType")
    error = found.text("errorCode")
    return notification(
        body,
        status=Status.RESOLVED if state == "End" else Status.FIRING,
        label=state.upper() or "INSIGHT",
        title=joined(
            "CloudTrail insight", found.text("eventSource").partition(".")[0], found.text("eventName"), by=" "
        ),
        summary=joined("unusual errors" if error or "Error" in kind else "unusual calls", error, _rate(found)),
        facts=(("Type", kind), ("Callers", counted(_callers(found), 3)), ("Error", error)),
        account=body.text("account") or detail.text("recipientAccountId"),
        region=detail.text("awsRegion"),
        links=_event(body, detail, "insights"),
    )


def _rate(found: Body) -> str:
    numbers = found.at("insightContext.statistics")
    now, usual = numbers.number("insight.average"), numbers.number("baseline.average")
    return f"{exact(now)} per minute, usually {exact(usual)}" if now is not None and usual is not None else ""


def _callers(found: Body) -> list[str]:
    return [
        one.text("value").rpartition("/")[2]
        for group in found.items("insightContext.attributions")
        if group.text("attribute") == "userIdentityArn"
        for one in group.items("insight")
    ]


def _event(body: Body, detail: Body, page: str = "events") -> tuple[Link, ...]:
    return console(
        detail.text("awsRegion") or body.text("region"),
        "cloudtrailv2/home?region={region}#/{page}/{event}",
        "Open in CloudTrail",
        page=page,
        event=detail.text("eventID"),
    )
