"""Alerts of Prometheus: JSON of Alertmanager and Grafana, and the text that Managed Prometheus sends by default."""

import re
from collections.abc import Iterable

from aws_events.severity import Severity, severity_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.models import Link, Notification, Status
from notifications.numbers import duration

SHOWN = 5
"""Alerts that are listed."""
ORDER = (*Severity, None)
LABEL = re.compile(r"(?m)^[ \t]*-[ \t]*(\w+) = (.*)$")


def alerts(body: Body) -> Notification:
    """Return the alerts of one group: firing ones first, the worst first, and the number of the others."""
    listed = sorted(body.items("alerts"), key=_rank)
    first = listed[0] if listed else body
    state, labels = body.text("status"), first.at("labels")
    word = labels.text("severity") or body.text("commonLabels.severity")
    name = body.text("commonLabels.alertname", "groupLabels.alertname") or labels.text("alertname")
    said = first.text("annotations.summary", "annotations.description", "annotations.message") or body.text(
        "commonAnnotations.summary", "title"
    )
    return notification(
        body,
        status=Status.RESOLVED if state == "resolved" else Status.FIRING,
        label=state.upper(),
        title=joined(name or body.text("title"), f"({word})" if word else "", by=" "),
        summary=joined(joined(hidden("summary", said), _where(labels), _past(first)), _more(len(listed) - 1), by=" ")
        or hidden("message", body.text("message"))
        or "no summary",
        reason="\n".join(_line(one) for one in listed[:SHOWN]) if len(listed) > 1 else "",
        description=first.text("annotations.description"),
        severity=severity_of(word),
        severity_word=word,
        facts=[(key, hidden(key, labels.text(key))) for key in sorted(labels.value)],
        tags=[(key, labels.text(key)) for key in labels.value],
        account=labels.text("account_id", "account"),
        region=labels.text("region"),
        occurred_at=first.time("endsAt" if state == "resolved" else "startsAt"),
        links=_links(
            first.text("annotations.runbook_url", "annotations.runbook"),
            body.text("externalURL") if body.has("orgId") else first.text("generatorURL"),
        ),
    )


def _rank(alert: Body) -> tuple[bool, int]:
    return alert.text("status") == "resolved", ORDER.index(severity_of(alert.text("labels.severity")))


def _where(labels: Body) -> str:
    return labels.text("instance", "pod", "namespace", "job")


def _past(alert: Body) -> str:
    """Return how long a resolved alert was firing."""
    start, end = alert.time("startsAt"), alert.time("endsAt")
    if alert.text("status") != "resolved" or start is None or end is None or end <= start:
        return ""
    return f"after {duration((end - start).total_seconds())}"


def _more(number: int) -> str:
    return f"(+{number:,} more)" if number > 0 else ""


def _line(alert: Body) -> str:
    labels = alert.at("labels")
    said = joined(alert.text("annotations.summary"), _where(labels))
    return hidden("summary", joined(alert.text("status").upper(), labels.text("alertname"), said, by=" "))


def _links(runbook: str, source: str) -> tuple[Link, ...]:
    pages = (("Runbook", runbook), ("Open source", source))
    return tuple(Link(words, url) for words, url in pages if url.startswith("https://"))


def managed_prometheus_text(body: Body) -> Notification:
    """Return the first firing alert of the text, and the number of the others."""
    firing, _, resolved = body.string.partition("Alerts Resolved:")
    is_over = "Alerts Firing:" not in firing
    blocks = [_labels(block) for block in (resolved if is_over else firing).split("Labels:")[1:]]
    found = sorted(blocks, key=lambda one: ORDER.index(severity_of(one.get("severity", ""))))
    first = found[0] if found else {}
    word = first.get("severity", "")
    return notification(
        body,
        status=Status.RESOLVED if is_over else Status.FIRING,
        label="RESOLVED" if is_over else "FIRING",
        title=joined(first.get("alertname", ""), f"({word})" if word else "", by=" "),
        summary=joined(_said(first), _more(len(found) - 1), by=" "),
        reason=hidden("text", body.string),
        severity=severity_of(word),
        severity_word=word,
        facts=[(name, hidden(name, value)) for name, value in first.items()],
        tags=first.items(),
    )


def _labels(block: str) -> dict[str, str]:
    """Return labels and annotations of `- name = value` lines."""
    return {name: value.strip() for name, value in LABEL.findall(block)}


def _said(alert: dict[str, str]) -> str:
    """Return the alert's summary and its place."""
    return joined(_first(alert, ("summary", "description", "message")), _first(alert, ("instance", "pod", "job")))


def _first(alert: dict[str, str], names: Iterable[str]) -> str:
    return next((hidden(name, alert[name]) for name in names if alert.get(name)), "")
