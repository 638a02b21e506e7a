"""Trusted Advisor: a check of one resource."""

from collections.abc import Iterator

from aws_events.severity import severity_of
from notifications.arns import name_of
from notifications.body import Body, as_text
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.links import REGION, console
from notifications.models import Notification, Status

STATUSES = {"OK": Status.RESOLVED, "WARN": Status.FIRING, "ERROR": Status.FIRING}
SHOWN = 8


def check_item(body: Body) -> Notification:
    """Return the check, the resource and its values; for a service limit, its use."""
    detail = body.at("detail")
    item = detail.at("check-item-detail")
    state, name = detail.text("status"), name_of(detail.text("resource_id"))
    region = item.text("Region", "Region/AZ")
    return notification(
        body,
        status=STATUSES.get(state, Status.NOTICE),
        label=state or "CHECK",
        title=joined("Trusted Advisor", detail.text("check-name"), by=" "),
        summary=_limit(item)
        or joined(name or _first(item), item.text("Reason", "Alert Criteria"), _savings(item))
        or "check changed",
        severity=severity_of(state),
        severity_word=state,
        facts=(("Resource", name), *_values(item)),
        resources=(detail.text("resource_id"),),
        region=region if REGION.fullmatch(region) else "",
        links=console("us-east-1", "trustedadvisor/home?region={region}#/dashboard", "Open in Trusted Advisor"),
    )


def _limit(item: Body) -> str:
    """Return the use of a service limit."""
    used, limit = item.text("Current Usage"), item.text("Limit Amount")
    name = item.text("Limit Name")
    return f"{used or '0'} of {limit} {name} used" if name and limit else ""


def _savings(item: Body) -> str:
    saved = item.text("Estimated Monthly Savings")
    return f"would save {saved} a month" if saved else ""


def _values(item: Body) -> Iterator[tuple[str, str]]:
    values = ((str(name), as_text(value)) for name, value in item.value.items())
    named = [(name, hidden(name, value)) for name, value in values if value]
    yield from named[:SHOWN]


def _first(item: Body) -> str:
    """Return the first name or id among the values."""
    return next((value for name, value in _values(item) if name.endswith(("Name", "ID", "Id"))), "")
