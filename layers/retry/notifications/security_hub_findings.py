"""Findings of Security Hub, independent of their format: ASFF, its older one, or OCSF."""

from dataclasses import dataclass

from aws_events.severity import Severity, severity_of
from notifications.body import Body
from notifications.building import counted

RANKS = {severity: rank for rank, severity in enumerate(Severity)}
OVER = {"PASSED", "RESOLVED", "ARCHIVED", "PASS"}
"""States of a finding that needs no work any more."""
QUIET = {"SUPPRESSED"}


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


def read_asff(finding: Body) -> Finding:
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


def read_ocsf(finding: Body) -> Finding:
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
