"""AWS Certificate Manager: certificates that expire, have expired, need an action, or are available."""

from aws_events.severity import Severity
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.links import console
from notifications.models import Notification, Status
from notifications.numbers import exact

PAGE = "acm/home?region={region}#/certificates/{id}"
DAYS = ((7, Severity.HIGH), (30, Severity.MEDIUM))
"""The most days left for each severity; ACM sends its first event 45 days before the end."""
STATES = {"EXPIRED": Severity.CRITICAL, "REVOKED": Severity.CRITICAL, "RENEWAL ACTION REQUIRED": Severity.MEDIUM}


def certificate(body: Body) -> Notification:
    """Return the domain, the days left, and whether anything uses the certificate."""
    detail = body.at("detail")
    state = body.text("detail-type").removeprefix("ACM Certificate ").upper()
    days, ends = detail.number("DaysToExpiry"), detail.text("CertificateExpirationDate").partition("T")[0]
    available = state == "AVAILABLE"
    arn = next(iter(body.texts("resources")), "")
    return notification(
        body,
        status=Status.RESOLVED if available else Status.FIRING,
        label=state or "CERTIFICATE",
        title=joined("ACM", detail.text("CommonName") or name_of(arn), by=" "),
        summary=_summary(detail, state, ends),
        severity=None if available else _severity(state, days),
        facts=(
            ("Domain", detail.text("CommonName")),
            ("Type", detail.text("CertificateType")),
            ("Validation", detail.text("DomainValidationMethod")),
            ("Expires", ends),
            ("In use", detail.text("InUse")),
        ),
        links=console(body.text("region"), PAGE, "Open in ACM", id=name_of(arn)),
    )


def _summary(detail: Body, state: str, ends: str) -> str:
    """Return `12 days left, expires 2026-02-12, in use`."""
    days = detail.number("DaysToExpiry")
    verb = {"AVAILABLE": "valid until", "EXPIRED": "expired"}.get(state, "expires")
    said = joined(
        f"{exact(days)} days left" if days is not None and state != "AVAILABLE" else "",
        ends and f"{verb} {ends}",
        detail.text("RenewalStatusReason") or detail.text("Action").lower(),
        {"yes": "in use", "no": "not in use"}.get(detail.text("InUse"), ""),
    )
    return said or "certificate"


def _severity(state: str, days: float | None) -> Severity | None:
    urgent = next((one for most, one in DAYS if days is not None and days <= most), Severity.LOW)
    return STATES.get(state, urgent)
