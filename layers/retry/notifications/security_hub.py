"""Security Hub: findings in its older format (ASFF) and in OCSF, and insights. One event may hold several findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from aws_events.severity import Severity, severity_of
from notifications.arns import name_of
from notifications.body import Body, as_text
from notifications.building import counted, joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status

RANKS = {severity: rank for rank, severity in enumerate(Severity)}
OVER = {"PASSED", "RESOLVED", "ARCHIVED", "PASS"}
"""States of a finding that needs no work any more."""
QUIET = {"SUPPRESSED"}
DOCUMENTATION = "https://docs.aws.amazon.com/"
"""Only remediation pages of AWS become links: any product may write a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding, independent of its format."""

    title: str
    word: str
    """The severity in the source's own word."""
    state: str
    """RESOLVED, ARCHIVED, PASSED or SUPPRESSED; "" if the finding is active."""
    resources: tuple[str, ...]
    description: str
    facts: tuple[tuple[str, str], ...]
    account: str
    region: str
    uid: str
    remediation: str = ""

    def rank(self) -> tuple[bool, int]:
        """Return the sort key: active findings first, the worst first."""
        severity = severity_of(self.word)
        return bool(self.state), RANKS[severity] if severity else len(RANKS)


def asff(body: Body) -> Notification:
    """Return the worst finding of the event; the others are listed."""
    return _notification(body, [_asff(one) for one in body.items("detail.findings")])


def ocsf(body: Body) -> Notification:
    """Return the worst finding of the event in OCSF."""
    return _notification(body, [_ocsf(one) for one in body.items("detail.findings")])


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


def _asff(finding: Body) -> Finding:
    state = (finding.text("RecordState"), finding.text("Workflow.Status"), finding.text("Compliance.Status"))
    control = finding.text("Compliance.SecurityControlId", "ProductFields.ControlId", "ProductFields.RuleId")
    return Finding(
        title=finding.text("Title"),
        word=finding.text("Severity.Label"),
        state=next((one for one in state if one in OVER | QUIET), ""),
        resources=tuple(one.text("Id") for one in finding.items("Resources")),
        description=finding.text("Description"),
        facts=(
            ("Product", finding.text("ProductName", "ProductFields.aws/securityhub/ProductName")),
            ("Control", control),
            ("Compliance", finding.text("Compliance.Status")),
            ("Resource type", finding.text("Resources.0.Type")),
            ("Type", finding.text("Types.0")),
            ("Workflow", finding.text("Workflow.Status")),
            ("First seen", finding.text("FirstObservedAt", "CreatedAt")),
            ("Remediation", finding.text("Remediation.Recommendation.Text")),
        ),
        account=finding.text("AwsAccountId"),
        region=finding.text("Region", "Resources.0.Region"),
        uid=finding.text("Id"),
        remediation=finding.text("Remediation.Recommendation.Url"),
    )


def _ocsf(finding: Body) -> Finding:
    info = finding.at("finding_info")
    state = finding.text("status"), finding.text("compliance.status")
    return Finding(
        title=info.text("title"),
        word=finding.text("severity"),
        state=next((one.upper() for one in state if one.upper() in OVER | QUIET), ""),
        resources=tuple(one.text("name", "uid") for one in finding.items("resources")),
        description=info.text("desc"),
        facts=(
            ("Product", finding.text("metadata.product.name")),
            ("Class", finding.text("class_name")),
            ("Control", finding.text("compliance.control")),
            ("Compliance", finding.text("compliance.status")),
            ("Resource type", finding.text("resources.0.type")),
            ("Vulnerability", counted((one.text("cve.uid") for one in finding.items("vulnerabilities")), 3)),
            ("Status", finding.text("status")),
            ("First seen", info.text("first_seen_time_dt", "created_time_dt")),
            ("Remediation", finding.text("remediation.desc")),
        ),
        account=finding.text("cloud.account.uid"),
        region=finding.text("cloud.region", "resources.0.region"),
        uid=finding.text("metadata.uid") or info.text("uid"),
        remediation=next(iter(finding.texts("remediation.references")), ""),
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
