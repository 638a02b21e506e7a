"""CloudTrail: an unusual number of calls or of errors."""

from notifications.body import Body
from notifications.building import counted, joined, notification
from notifications.cloudtrail_events import event_page
from notifications.models import Notification, Status
from notifications.numbers import exact


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
        links=event_page(body, detail, "insights"),
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
