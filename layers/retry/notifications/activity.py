"""CloudTrail: calls of the AWS API. Request and response bodies are not shown."""

from aws_events.severity import Severity
from notifications.activity_actor import actor_of, agent_of, origin_of
from notifications.activity_request import request_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.cloudtrail_events import event_page
from notifications.hiding import hidden
from notifications.models import Notification, Status

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
    """Return the call, its caller, its resource, its origin and its error."""
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
        links=event_page(body, detail),
    )


def _severity(detail: Body) -> Severity | None:
    call = detail.text("eventName")
    if call in BLINDING or (detail.text("userIdentity.type") == "Root" and not detail.has("errorCode")):
        return Severity.HIGH
    return Severity.MEDIUM if call in GRANTING else None
