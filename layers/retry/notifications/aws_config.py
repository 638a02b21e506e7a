"""AWS Config: compliance of a resource with a rule, and changes of a resource; by EventBridge and by its SNS topic."""

import json

from notifications.body import Body
from notifications.building import joined, notification, resource_type
from notifications.config_diff import changes_of
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

COMPLIANCE = {"NON_COMPLIANT": Status.FIRING, "COMPLIANT": Status.RESOLVED}
RULE_PAGE = "config/home?region={region}#/rules/details?configRuleName={rule}"
RESOURCE_PAGE = "config/home?region={region}#/resources/timeline?resourceId={uid}&resourceType={kind}"
SHOWN = 2
"""Changes in the summary; the long text has all of them."""
ITEM_STATES = {
    "ResourceDiscovered": "discovered",
    "ResourceDeleted": "deleted",
    "ResourceDeletedNotRecorded": "deleted, not recorded",
    "ResourceNotRecorded": "not recorded any more",
}


def compliance_change(body: Body) -> Notification:
    """Return the rule, the resource and whether the resource complies now."""
    change = _inner(body)
    new = change.at("newEvaluationResult")
    state, before, recorded = new.text("complianceType"), _before(change), new.text("resultRecordedTime")
    rule, kind, name = (_named(change, field) for field in ("configRuleName", "resourceType", "resourceId"))
    region = change.text("awsRegion") or body.text("region")
    return notification(
        body,
        status=COMPLIANCE.get(state, Status.NOTICE),
        label=state or "COMPLIANCE",
        title=joined("Config", rule, by=" "),
        summary=joined(
            joined(resource_type(kind), name, by=" "),
            before and f"was {before}",
            hidden("", new.text("annotation")).rstrip("."),
        ),
        facts=(("Rule", rule), ("Resource", joined(name, kind)), ("Before", before), ("Evaluated", recorded)),
        resources=(name,),
        account=change.text("awsAccountId"),
        region=region,
        occurred_at=change.time("notificationCreationTime"),
        identity=_identity(change, rule, kind, name),
        links=console(region, RULE_PAGE, "Open in Config", rule=rule),
    )


def _identity(change: Body, rule: str, kind: str, name: str) -> str:
    """Return the same for the event and the SNS message; "" without a time. A name is unique in its Region and type."""
    new = change.at("newEvaluationResult")
    recorded, state = new.text("resultRecordedTime"), new.text("complianceType")
    place = change.text("awsAccountId"), change.text("awsRegion")
    return json.dumps(["config", *place, rule, kind, name, state, recorded]) if recorded else ""


def _before(change: Body) -> str:
    return change.text("oldEvaluationResult.complianceType")


def _named(change: Body, field: str) -> str:
    """Return a name that the change has itself or in its evaluation."""
    qualifier = "newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier"
    return change.text(field, f"{qualifier}.{field}")


def item_change(body: Body) -> Notification:
    """Return the changed properties of a resource, before → after; the others are not shown."""
    change = _inner(body)
    item, diff = _item(change), change.at("configurationItemDiff")
    kind, uid = item.text("resourceType"), item.text("resourceId")
    name, changes = item.text("resourceName") or uid, changes_of(diff)
    region = item.text("awsRegion") or body.text("region")
    return notification(
        body,
        status=Status.NOTICE,
        label=diff.text("changeType") or item.text("changeType") or "CHANGE",
        title=joined("Config", resource_type(kind), name, by=" "),
        summary=_summary(item, changes),
        reason="\n".join(changes) if len(changes) > SHOWN else "",
        facts=(
            ("Resource", joined(name, uid if uid != name else "")),
            ("Resource type", kind),
            ("Recorded", item.text("configurationItemCaptureTime")),
        ),
        resources=(item.text("ARN", "arn"),),
        account=item.text("awsAccountId", "accountId"),
        region=region,
        occurred_at=item.time("configurationItemCaptureTime"),
        links=console(region, RESOURCE_PAGE, "Open in Config", uid=uid, kind=kind),
    )


def _summary(item: Body, changes: list[str]) -> str:
    state = ITEM_STATES.get(item.text("configurationItemStatus"), "")
    more = f"(+{len(changes) - SHOWN:,} more)" if len(changes) > SHOWN else ""
    return joined(state, "; ".join(changes[:SHOWN]), more, by=" ") or "changed, details are in the console"


def _inner(body: Body) -> Body:
    """Return the message: it is the detail of an event and the whole of an SNS message."""
    return body.at("detail") if body.has("detail") else body


def _item(change: Body) -> Body:
    """Return the resource: a large one comes as a summary, old messages have a list."""
    several = change.items("configurationItems")
    named = ("configurationItem", "configurationItemSummary")
    return next((found for path in named if (found := change.at(path)).value), several[0] if several else change)
