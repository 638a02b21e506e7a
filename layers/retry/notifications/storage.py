"""Objects and backups: S3, AWS Backup."""

import re
from urllib.parse import unquote_plus

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import finished, joined, notification, words
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.numbers import exact
from outcomes.outcome import SkipReason

EVENT = re.compile(r"ObjectCreated|ObjectRemoved|ObjectRestore|LifecycleExpiration|Replication")
BACKUP_TEXT = re.compile(r"(?i)backup job (\w+)|restore job (\w+)|copy job (\w+)")


def s3_message(body: Body) -> Notification:
    """Return the object of an S3 event notification, and how many there are besides."""
    records = body.items("Records")
    first = records[0] if records else body
    event = first.text("eventName")
    return _object(
        body,
        event=event,
        bucket=first.text("s3.bucket.name"),
        key=unquote_plus(first.text("s3.object.key")),
        size=first.number("s3.object.size"),
        actor=joined(
            name_of(first.text("userIdentity.principalId")),
            first.text("requestParameters.sourceIPAddress"),
            by=" from ",
        ),
        region=first.text("awsRegion"),
        more=len(records) - 1,
    )


def s3_event(body: Body) -> Notification:
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
        more=0,
    )


def _object(  # noqa: PLR0913 - the facts of an object, by name
    body: Body, *, event: str, bucket: str, key: str, size: float | None, actor: str, region: str, more: int
) -> Notification:
    has_failed = "fail" in event.lower() or "missed" in event.lower()
    what = words(event.replace(":", " ")).removesuffix(" put")
    return notification(
        body,
        status=Status.FIRING if has_failed else Status.NOTICE,
        label="FAILED" if has_failed else "S3",
        title=joined("S3" if has_failed else "", joined(bucket, key, by="/"), by=" "),
        summary=joined(
            joined(what, f"({exact(size)} B)" if size is not None else "", by=" "),
            f"(+{more:,} more)" if more > 0 else "",
            by=" ",
        ),
        facts=(("Bucket", bucket), ("Key", key), ("By", actor)),
        resources=(bucket,),
        region=region,
        links=_page(region, bucket, key),
    )


def _page(region: str, bucket: str, key: str) -> tuple[Link, ...]:
    return console(region, "s3/object/{bucket}?region={region}&prefix={key}", "Open object", bucket=bucket, key=key)


def s3_test(body: Body) -> Notification:
    """Return the message that S3 sends when a notification is configured."""
    return notification(
        body,
        status=Status.NOTICE,
        label="S3",
        title=body.text("Bucket"),
        summary="test event: S3 may publish here",
        resources=(body.text("Bucket"),),
        occurred_at=body.time("Time"),
        skipped=SkipReason.TEST_EVENT,
    )


def backup_event(body: Body) -> Notification:
    """Return the state of a backup, copy or restore job, or of a recovery point or a vault."""
    detail = body.at("detail")
    state = detail.text("state", "status")
    arn = detail.text("resourceArn", "createdResourceArn") or next(iter(body.texts("resources")), "")
    what = words(body.text("detail-type").removesuffix(" State Change"))
    return notification(
        body,
        status=finished(state),
        label=state.upper(),
        title=joined("Backup", name_of(arn) or detail.text("backupVaultName"), by=" "),
        summary=detail.text("statusMessage", "message") or joined(what, state.lower().replace("_", " "), by=" "),
        facts=(
            ("Job", detail.text("backupJobId", "restoreJobId", "copyJobId", "jobId")),
            ("Vault", detail.text("backupVaultName") or name_of(detail.text("backupVaultArn"))),
            ("Resource type", detail.text("resourceType")),
            ("Percent done", detail.text("percentDone")),
        ),
        resources=(arn,),
        links=console(
            body.text("region"),
            "backup/home?region={region}#/jobs/backup/details/{job}",
            "Open job",
            job=detail.text("backupJobId"),
        ),
    )


def backup_text(body: Body) -> Notification:
    """Return the notice of a job, from the text of AWS Backup in SNS."""
    lines = [line.strip() for line in body.string.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    found = BACKUP_TEXT.search(first)
    state = next(filter(None, found.groups()), "") if found else ""
    arn = next(iter(re.findall(r"arn:[\w:/.-]+\w", first)), "")
    return notification(
        body,
        status=finished(state),
        label=state.upper() or "Backup",
        title=joined("Backup" if state else "", name_of(arn), by=" "),
        summary=first.partition(". ")[0].replace(arn, name_of(arn)) if arn else first,
        reason=body.string,
        resources=(arn,),
    )
