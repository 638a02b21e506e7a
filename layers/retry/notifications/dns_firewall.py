"""Route 53 Resolver DNS Firewall: queries that a rule blocked or reported."""

from aws_events.severity import Severity
from notifications.body import Body
from notifications.building import counted, joined, notification
from notifications.hiding import hidden
from notifications.models import Notification, Status

RESOURCES = ("instance-details.id", "resolver-endpoint-details.id")


def query(body: Body) -> Notification:
    """Return the resource, the name that it queried, the rule's action, and the threat as AWS names it."""
    detail = body.at("detail")
    action, name = detail.text("firewall-rule-action"), detail.text("query-name").rstrip(".")
    who = [one.text(*RESOURCES) for one in detail.items("resources")]
    threat = detail.text("firewall-protection")
    verb = {"BLOCK": "was blocked", "ALERT": "was reported"}.get(action, "matched a rule")
    asked = joined(counted(who, 2) or detail.text("src-addr"), detail.text("vpc-id"), by=" in ")
    return notification(
        body,
        status=Status.FIRING,
        label=action or "DNS",
        title=joined("DNS Firewall", hidden("name", name), by=" "),
        summary=joined(f"query of {asked} {verb}", f"looks like {threat}" if threat else ""),
        severity=Severity.HIGH if threat else Severity.MEDIUM,
        facts=(
            ("Query", joined(detail.text("query-type"), hidden("name", name), by=" ")),
            ("From", joined(detail.text("src-addr"), detail.text("src-port").replace(",", ""), by=" port ")),
            ("Rule group", detail.text("firewall-rule-group-id")),
            ("Domain list", detail.text("firewall-domain-list-id")),
            ("Last seen", detail.text("last-observed-at")),
        ),
        resources=who,
        account=detail.text("account-id"),
    )
