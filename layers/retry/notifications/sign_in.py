"""CloudTrail: sign-ins to the console."""

from aws_events.severity import Severity
from notifications.activity_actor import actor_of, agent_of, origin_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.cloudtrail_events import event_page
from notifications.hiding import hidden
from notifications.models import Notification, Status


def sign_in(body: Body) -> Notification:
    """Return a sign-in; a failure, a sign-in without MFA and one of the root user are firing.

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
        links=event_page(body, detail),
    )


def _switched(detail: Body) -> str:
    role = detail.text("additionalEventData.SwitchTo").rpartition("/")[2]
    return f"switched to {role}" if role else ""
