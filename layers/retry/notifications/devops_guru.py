"""DevOps Guru: insights, from EventBridge and from SNS, which spells the fields with a capital."""

from aws_events.severity import severity_of
from notifications.body import Body
from notifications.building import counted, joined, notification, words
from notifications.hiding import hidden
from notifications.links import is_console
from notifications.models import Link, Notification, Status

LABELS = {
    "NEW_INSIGHT": "OPEN",
    "CLOSED_INSIGHT": "CLOSED",
    "SEVERITY_UPGRADED": "UPGRADED",
    "NEW_ASSOCIATION": "MORE ANOMALIES",
    "NEW_RECOMMENDATION": "RECOMMENDATION",
}


def insight(body: Body) -> Notification:
    """Return an insight: its severity, its anomaly and the metrics."""
    found = body.at("detail") if body.has("detail") else body
    word, kind = _text(found, "insightSeverity"), _text(found, "messageType")
    is_over = "CLOSED" in kind or "Closed" in body.text("detail-type")
    metrics = tuple(dict.fromkeys(_metrics(found)))
    url, description = _text(found, "insightUrl"), _text(found, "insightDescription")
    plain = joined(words(_text(found, "insightType")), "insight", by=" ")
    return notification(
        body,
        status=Status.RESOLVED if is_over else Status.FIRING,
        label="CLOSED" if is_over else word.upper() or LABELS.get(kind, "OPEN"),
        title="DevOps Guru",
        summary=hidden("description", description) or joined(plain, counted(metrics, 2), by=": "),
        severity=severity_of(word),
        severity_word=word,
        facts=(("Message", LABELS.get(kind, "").lower()), ("Metrics", counted(metrics, 5)), ("Kind", plain)),
        account=_text(found, "accountId"),
        region=_text(found, "region"),
        occurred_at=found.time("startTime", "StartTime"),
        links=(Link("Open insight", url),) if is_console(url) else (),
    )


def _text(found: Body, name: str) -> str:
    return found.text(name, name[:1].upper() + name[1:])


def _metrics(found: Body) -> list[str]:
    """Return `AWS/ApiGateway 5XXError` of each anomaly."""
    anomalies = (*found.items("anomalies"), *found.items("Anomalies"))
    sources = [source for one in anomalies for source in (*one.items("sourceDetails"), *one.items("SourceDetails"))]
    named = [one.at("dataIdentifiers" if one.has("dataIdentifiers") else "DataIdentifiers") for one in sources]
    return [joined(one.text("namespace"), one.text("name"), by=" ") for one in named]
