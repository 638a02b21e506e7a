"""Costs: AWS Budgets (a text), Cost Anomaly Detection, Savings Plans."""

import re

from aws_events.severity import Severity, severity_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import counted, joined, notification
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.numbers import dollars, exact

HOME = "us-east-1"
"""The console of billing is global; this Region serves it."""
FIELD = re.compile(r"(?m)^[ \t]*([A-Za-z][A-Za-z /]{1,40}?)[ \t]{0,9}:[ \t]*(\S.*)$")
ACCOUNT = re.compile(r"(?m)^[ \t]*AWS Account:?[ \t]+([0-9]{12})\b")
LIMIT = "Budgeted Amount"
ALERTS = {"ACTUAL": Severity.HIGH, "FORECASTED": Severity.MEDIUM}
"""AWS Budgets has no severities: money that is spent is worse than a forecast."""
COMPARED = re.compile(r"^([<>=]+)\s*")


def budget(body: Body) -> Notification:
    """Return the budget, the amount against its threshold, and whether it is spent or only forecast."""
    fields = {name: value.strip() for name, value in FIELD.findall(body.string)}
    name, kind, alert = fields.get("Budget Name", ""), fields.get("Budget Type", ""), fields.get("Alert Type", "")
    amount = next((value for field, value in fields.items() if field.endswith(" Amount") and field != LIMIT), "")
    threshold, limit = COMPARED.sub(r"\1 ", fields.get("Alert Threshold", "")), fields.get(LIMIT, "")
    account = ACCOUNT.search(body.string)
    return notification(
        body,
        status=Status.FIRING,
        label=alert.upper() or "BUDGET",
        title=joined("Budget", name, by=" "),
        summary=joined(joined(kind, amount, threshold, by=" "), limit and f"budget {limit}") or "threshold passed",
        severity=ALERTS.get(alert.upper()),
        facts=(("Type", kind), ("Amount", amount), ("Threshold", threshold), ("Budgeted", limit)),
        resources=(name,),
        account=account[1] if account else "",
        links=console(
            HOME, "costmanagement/home?region={region}#/budgets/details?name={name}", "Open in Budgets", name=name
        ),
    )


def anomaly(body: Body) -> Notification:
    """Return the unexpected cost, the expected cost and the largest cause."""
    found = body.at("detail") if body.has("detail") else body
    impact = found.at("impact")
    version = (found.text("anomalyId"), impact.text("totalImpact"))
    service = found.text("dimensionValue", "dimensionalValue", "rootCauses.0.service", "monitorName")
    causes = [_cause(one, service) for one in found.items("rootCauses")]
    return notification(
        body,
        status=Status.FIRING,
        label="ANOMALY",
        title=joined("Cost of", service or "the account", by=" "),
        summary=joined(_over(impact), counted(causes)),
        reason="\n".join(causes) if len(causes) > 1 else "",
        facts=_anomaly_facts(found, impact),
        account=found.text("accountId"),
        identity=joined("anomaly", *version, by="/") if all(version) else "",
        links=_anomaly_page(found),
    )


def _over(impact: Body) -> str:
    """Return `$1,001.00 more than expected (+333.67 %)`."""
    total, percent = dollars(impact.number("totalImpact")), impact.number("totalImpactPercentage")
    share = f"(+{exact(percent)} %)" if percent else ""
    return joined(total, "more than expected", share, by=" ")


def _anomaly_facts(found: Body, impact: Body) -> tuple[tuple[str, str], ...]:
    return (
        ("Spent", dollars(impact.number("totalActualSpend"))),
        ("Expected", dollars(impact.number("totalExpectedSpend"))),
        ("Largest day", dollars(impact.number("maxImpact"))),
        ("Began", found.text("anomalyStartDate").partition("T")[0]),
        ("Last day", found.text("anomalyEndDate").partition("T")[0]),
        ("Monitor", found.text("monitorName")),
        ("Score", found.text("anomalyScore.currentScore")),
    )


def _cause(cause: Body, known: str) -> str:
    """Return usage type, Region and account of a cause, and its part of the cost; the service if it is another one."""
    account = joined(cause.text("linkedAccountName"), cause.text("linkedAccount"), by=" ")
    part = cause.number("impact.contribution")
    where = joined(cause.text("region"), f"account {account}" if account else "")
    service = cause.text("service")
    what = joined(service if service != known else "", cause.text("usageType"), by=" ") or service
    return joined(what, f"in {where}" if where else "", f"({dollars(part)})" if part is not None else "", by=" ")


def _anomaly_page(found: Body) -> tuple[Link, ...]:
    return console(
        HOME,
        "cost-management/home?region={region}#/anomaly-detection/monitors/{monitor}/anomalies/{anomaly}",
        "Open in Cost Explorer",
        monitor=name_of(found.text("monitorArn")),
        anomaly=found.text("anomalyId"),
    )


def savings_plan(body: Body) -> Notification:
    """Return the new state of Savings Plans, or the state that they will have in some days."""
    detail = body.at("detail")
    plans = [name_of(one) for one in body.texts("resources")]
    word, following = detail.text("severity"), detail.text("nextState")
    state, before = detail.text("currentState"), detail.text("previousState")
    days = detail.text("remainingDays", "remainingdays")
    date = detail.text("nextStateChangeDate")
    coming = joined(f"{following} in {days} days" if days else following, f"({date})" if date else "", by=" ")
    return notification(
        body,
        status=Status.FIRING if word == "ERROR" else Status.NOTICE,
        label=state.upper() or "SAVINGS PLAN",
        title=joined("Savings Plan", counted(plans), by=" "),
        summary=coming if following else joined(detail.text("message"), f"was {before}" if before else "") or "changed",
        severity=severity_of(word),
        severity_word=word,
        facts=(
            ("Plans", counted(plans, 10)),
            ("Before", before),
            ("Next", coming),
            ("Message", detail.text("message")),
        ),
        links=console(HOME, "costmanagement/home?region={region}#/savings-plans/inventory", "Open in Savings Plans"),
    )
