"""DynamoDB: changes of items, as a stream sends them through EventBridge Pipes."""

from collections.abc import Iterator

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.models import Notification, Status

CHANGES = {"INSERT": "item added", "MODIFY": "item changed", "REMOVE": "item removed"}


def stream_record(body: Body) -> Notification:
    """Return the key of an item and the names of its attributes that changed; their values are not shown."""
    found, event = body.at("dynamodb"), body.text("eventName")
    table = name_of(body.text("eventSourceARN"))
    keys = ", ".join(f"{name} {hidden(name, value)}" for name, value in _keys(found.at("Keys")))
    before, after = found.at("OldImage").value, found.at("NewImage").value
    changed = [name for name in {**before, **after} if before and after and before.get(name) != after.get(name)]
    return notification(
        body,
        status=Status.NOTICE,
        label=event or "DynamoDB",
        title=joined("DynamoDB", table, by=" "),
        summary=joined(CHANGES.get(event, "item changed"), keys, by=": "),
        facts=(("Changed", ", ".join(changed)), ("Values", "hidden" if before or after else "")),
        resources=(body.text("eventSourceARN"), table),
        region=body.text("awsRegion"),
        occurred_at=found.time("ApproximateCreationDateTime"),
    )


def _keys(keys: Body) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of the key: `{"id": {"S": "17"}}`."""
    for name in keys.value:
        if value := keys.at(name).text("S", "N"):
            yield name, value
