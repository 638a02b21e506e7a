"""Security Hub: findings and insights. One event may hold several findings."""

from collections.abc import Iterable
from urllib.parse import quote

from aws_events.severity import severity_of
from notifications.arns import name_of
from notifications.body import Body, as_text
from notifications.building import counted, joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.security_hub_findings import OVER, QUIET, Finding, read_asff, read_ocsf

DOCUMENTATION = "https://docs.aws.amazon.com/"
"""Only remediation pages of AWS become links: any product may write a finding."""


def asff(body: Body) -> Notification:
    """Return the worst finding of the event; the others are listed."""
    return _notification(body, [read_asff(one) for one in body.items("detail.findings")])


def ocsf(body: Body) -> Notification:
    """Return the worst finding of the event in OCSF."""
    return _notification(body, [read_ocsf(one) for one in body.items("detail.findings")])


def insight_results(body: Body) -> Notification:
    """Return the largest groups of an insight that a person sent."""
    detail = body.at("detail")
    groups = [
        joined(name_of(str(name)), as_text(number), by=": ")
        for group in detail.items("insightResults")
        for name, number in group.value.items()
    ]
    page = "securityhub/home?region={region}#/insights/{arn}"
    return notification(
        body,
        status=Status.NOTICE,
        label="INSIGHT",
        title=detail.text("insightName") or "Security Hub insight",
        summary=counted(groups, 3) or "no results",
        reason="\n".join(groups),
        facts=(
            ("Action", detail.text("actionName")),
            ("Meaning", detail.text("actionDescription")),
            ("Grouped by", detail.text("resultType")),
            ("Results", detail.text("number of results")),
        ),
        links=console(body.text("region"), page, "Open in Security Hub", arn=detail.text("insightArn")),
    )


def _notification(body: Body, findings: list[Finding]) -> Notification:
    """Build the message of all findings around the worst one."""
    ranked = sorted(findings, key=Finding.rank)
    if not ranked:
        return notification(body, status=Status.NOTICE, label="FINDING", title="Security Hub", summary="no finding")
    worst = ranked[0]
    affected = tuple(dict.fromkeys(name for one in ranked for name in one.resources))
    region, action = worst.region or body.text("region"), body.text("detail.actionName")
    return notification(
        body,
        status=_status(worst),
        label=(worst.state or worst.word or "FINDING").upper(),
        title=hidden("", worst.title) or "Security Hub finding",
        summary=counted(map(_name, affected)) or hidden("", worst.description) or "no resource named",
        reason=hidden("", worst.description if len(ranked) == 1 else "\n".join(_lines(ranked))),
        facts=((name, hidden(name, value)) for name, value in (*worst.facts, ("Action", action))),
        severity=severity_of(worst.word),
        severity_word=worst.word,
        resources=affected,
        account=worst.account,
        region=region,
        links=(*_page(body.text("region") or region, worst.uid), *_help(worst)),
    )


def _status(finding: Finding) -> Status:
    return Status.RESOLVED if finding.state in OVER else Status.NOTICE if finding.state in QUIET else Status.FIRING


def _lines(findings: Iterable[Finding]) -> list[str]:
    return [
        f"{(one.state or one.word).upper()} {joined(one.title, counted(map(_name, one.resources)), by=': ')}"
        for one in findings
    ]


def _name(resource: str) -> str:
    """Return the name in an ARN, or the account in AWS::::Account:111122223333."""
    return name_of(resource).removeprefix("AWS::::").replace(":", " ")


def _page(region: str, uid: str) -> tuple[Link, ...]:
    """Return the page that filters by this finding; the console decodes the filter twice."""
    page = "securityhub/home?region={region}#/findings?search=Id%3D%255Coperator%255C%253AEQUALS%255C%253A{uid}"
    return console(region, page, "Open in Security Hub", uid=quote(uid, safe="", errors="replace"))


def _help(finding: Finding) -> tuple[Link, ...]:
    return (Link("How to fix it", finding.remediation),) if finding.remediation.startswith(DOCUMENTATION) else ()
