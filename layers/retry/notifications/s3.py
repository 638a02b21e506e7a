"""S3: objects, from event notifications and from EventBridge."""

from collections.abc import Sequence
from urllib.parse import unquote_plus

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.links import console
from notifications.models import Notification, Status
from notifications.numbers import exact

LISTED = 10
"""Keys that the long text names."""
PAGE = "s3/object/{bucket}?region={region}&prefix={key}"


def message(body: Body) -> Notification:
    """Return the object of an S3 event notification, and the number of the others."""
    records = body.items("Records")
    first = records[0] if records else body
    keys = [unquote_plus(one.text("s3.object.key")) for one in records]
    who = first.text("userIdentity.principalId").rpartition(":")[2]
    return _object(
        body,
        event=first.text("eventName"),
        bucket=first.text("s3.bucket.name"),
        key=keys[0] if keys else "",
        size=first.number("s3.object.size"),
        actor=joined(who, first.text("requestParameters.sourceIPAddress"), by=" from "),
        region=first.text("awsRegion"),
        others=keys[1:],
    )


def event(body: Body) -> Notification:
    """Return the object of an event from EventBridge."""
    detail = body.at("detail")
    return _object(
        body,
        event=body.text("detail-type"),
        bucket=detail.text("bucket.name"),
        key=detail.text("object.key"),
        size=detail.number("object.size"),
        actor=joined(name_of(detail.text("requester")), detail.text("source-ip-address"), by=" from "),
        region=body.text("region"),
        others=(),
    )


def _object(  # noqa: PLR0913 - the facts of an object, by name
    body: Body, *, event: str, bucket: str, key: str, size: float | None, actor: str, region: str, others: Sequence[str]
) -> Notification:
    has_failed = "fail" in event.lower() or "missed" in event.lower()
    what = words(event.replace(":", " ")).removesuffix(" put")
    amount, more = f"({exact(size)} B)" if size is not None else "", f"(+{len(others):,} more)" if others else ""
    return notification(
        body,
        status=Status.FIRING if has_failed else Status.NOTICE,
        label="FAILED" if has_failed else "S3",
        title=joined("S3" if has_failed else "", joined(bucket, key, by="/"), by=" "),
        summary=joined(what, amount, f"by {actor}" if actor else "", more, by=" "),
        reason=_keys((key, *others)) if others else "",
        facts=(("Bucket", bucket), ("Key", key), ("By", actor)),
        resources=(bucket,),
        region=region,
        links=console(region, PAGE, "Open object", bucket=bucket, key=key),
    )


def _keys(keys: Sequence[str]) -> str:
    more = len(keys) - LISTED
    return joined(*keys[:LISTED], f"{more:,} more objects" if more > 0 else "", by="\n")


def connection_test(body: Body) -> Notification:
    """Return the message that S3 sends when a notification is configured."""
    bucket = body.text("Bucket")
    return notification(
        body,
        status=Status.NOTICE,
        label="S3",
        title=bucket,
        summary="test event: S3 may publish here",
        resources=(bucket,),
        occurred_at=body.time("Time"),
    )
