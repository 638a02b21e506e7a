"""Messages of other tools: Alertmanager, Grafana, Amazon Q custom notifications, JSON made for Slack."""

from aws_events.severity import Severity, severity_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.models import Link, Notification, Status

SHOWN = 5
"""Alerts that are listed."""
ORDER = (*Severity, None)


def alertmanager(body: Body) -> Notification:
    """Return the alerts of one group: the worst first, and how many there are besides."""
    alerts = sorted(body.items("alerts"), key=lambda one: ORDER.index(severity_of(one.text("labels.severity"))))
    first = alerts[0] if alerts else body
    state = body.text("status")
    word = first.text("labels.severity") or body.text("commonLabels.severity")
    name = body.text("commonLabels.alertname", "groupLabels.alertname") or first.text("labels.alertname")
    said = first.text("annotations.summary", "annotations.description", "annotations.message") or body.text(
        "commonAnnotations.summary", "title"
    )
    where = first.text("labels.instance", "labels.pod", "labels.namespace", "labels.job")
    return notification(
        body,
        status=Status.RESOLVED if state == "resolved" else Status.FIRING,
        label=state.upper(),
        title=joined(name or body.text("title"), f"({word})" if word else "", by=" "),
        summary=joined(joined(said, where), f"(+{len(alerts) - 1:,} more)" if len(alerts) > 1 else "", by=" ")
        or body.text("message"),
        reason="\n".join(_alert(one) for one in alerts[:SHOWN]),
        description=first.text("annotations.description"),
        severity=severity_of(word),
        severity_word=word,
        facts=[(name, text) for name in sorted(first.at("labels").value) if (text := first.text(f"labels.{name}"))],
        tags=[(name, first.text(f"labels.{name}")) for name in first.at("labels").value],
        account=first.text("labels.account_id", "labels.account"),
        region=first.text("labels.region"),
        occurred_at=first.time("endsAt" if state == "resolved" else "startsAt"),
        links=_runbook(first.text("annotations.runbook_url", "annotations.runbook")),
    )


def _alert(alert: Body) -> str:
    return joined(
        alert.text("status").upper(), alert.text("labels.alertname"), alert.text("annotations.summary"), by=" "
    )


def _runbook(url: str) -> tuple[Link, ...]:
    return (Link("Runbook", url),) if url.startswith("https://") else ()


def custom_notification(body: Body) -> Notification:
    """Return a custom notification of Amazon Q Developer: title, description, next steps, keywords."""
    content = body.at("content")
    steps = content.texts("nextSteps")
    return notification(
        body,
        status=Status.NOTICE,
        label="",
        title=content.text("title") or "Notification",
        summary=content.text("description").partition("\n")[0] or body.text("metadata.summary", "metadata.eventType"),
        reason=joined(content.text("description"), "\n".join(f"• {step}" for step in steps), by="\n"),
        facts=(("Keywords", ", ".join(content.texts("keywords"))), ("Event", body.text("metadata.eventType"))),
        resources=body.texts("metadata.relatedResources"),
        tags=[
            (name, body.text(f"metadata.additionalContext.{name}"))
            for name in body.at("metadata.additionalContext").value
        ],
    )


def slack_json(body: Body) -> Notification:
    """Return the texts of a message made for Slack; channel, user name and mentions in it have no effect."""
    texts = [body.text("text"), *_texts(body.items("blocks"))]
    for attachment in body.items("attachments"):
        texts += [
            attachment.text("pretext", "title"),
            attachment.text("text", "fallback"),
            *_texts(attachment.items("blocks")),
        ]
    said = [text for text in dict.fromkeys(texts) if text]
    first, _, rest = "\n".join(said).partition("\n")
    colour = next((one.text("color") for one in body.items("attachments")), "")
    return notification(
        body,
        status=Status.FIRING if colour == "danger" else Status.RESOLVED if colour == "good" else Status.NOTICE,
        label="",
        title=body.record.subject or "Message",
        summary=first,
        reason=joined(first, rest, by="\n"),
        facts=[
            (one.text("title"), one.text("value")) for each in body.items("attachments") for one in each.items("fields")
        ],
    )


def _texts(blocks: tuple[Body, ...]) -> list[str]:
    found = [
        text
        for block in blocks
        for text in (block.text("text.text", "title.text"), *(one.text("text") for one in block.items("fields")))
    ]
    return [text for text in found if text]
