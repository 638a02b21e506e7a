"""Custom notifications of Amazon Q Developer in chat applications."""

from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.models import Notification, Status


def custom_notification(body: Body) -> Notification:
    """Return title, description, next steps and keywords."""
    content, context = body.at("content"), body.at("metadata.additionalContext")
    description = hidden("description", content.text("description"))
    steps = "\n".join(f"• {step}" for step in content.texts("nextSteps"))
    return notification(
        body,
        status=Status.NOTICE,
        label="",
        title=content.text("title") or "Notification",
        summary=description.partition("\n")[0] or body.text("metadata.summary", "metadata.eventType"),
        reason=joined(description, steps, by="\n") if steps or "\n" in description else "",
        facts=(
            ("Keywords", ", ".join(content.texts("keywords"))),
            ("Event", body.text("metadata.eventType")),
            *((name, hidden(name, context.text(name))) for name in context.value),
        ),
        resources=body.texts("metadata.relatedResources"),
        tags=[(name, context.text(name)) for name in context.value],
    )
