"""AWS Backup: jobs, recovery points and vaults, from EventBridge and as text in SNS."""

import re

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

BAD = {"PARTIAL", "ABORTING", "EXPIRED"}
"""Bad states that `job_status` does not recognise: data is missing, or a recovery point could not be deleted."""
JOB = re.compile(r"An AWS Backup (?:(\w+) )?job (?:was |has )?(\w+)")
ARN = re.compile(r"(?i)(recovery point|resource) arn ?: ?(arn:\S*\w)")
JOB_ID = re.compile(r"(?i)job id ?: ?([\w-]+)")


def event(body: Body) -> Notification:
    """Return the state of a backup, copy or restore job, or of a recovery point or a vault."""
    detail = body.at("detail")
    state, vault = detail.text("state", "status"), _vault(detail)
    arn = detail.text("resourceArn", "sourceRecoveryPointArn", "createdResourceArn")
    arn = arn or next(iter(body.texts("resources")), "")
    what = words(body.text("detail-type").removesuffix(" State Change"))
    page = "backup/home?region={region}#/backupvaults/details/{vault}"
    return notification(
        body,
        status=Status.FIRING if state in BAD else job_status(state),
        label=state.upper(),
        title=joined("Backup", name_of(arn) or vault, by=" "),
        summary=joined(
            hidden("message", detail.text("statusMessage", "message"))
            or joined(what, state.lower().replace("_", " "), by=" "),
            f"(vault {vault})" if vault else "",
            by=" ",
        ),
        facts=(
            ("Job", detail.text("backupJobId", "restoreJobId", "copyJobId", "jobId")),
            ("Kind", what),
            ("Vault", vault),
            ("Resource type", detail.text("resourceType")),
            ("Percent done", detail.text("percentDone")),
        ),
        resources=(arn,),
        links=console(body.text("region"), page, "Open vault", vault=vault),
    )


def _vault(detail: Body) -> str:
    return detail.text("backupVaultName") or name_of(detail.text("backupVaultArn", "destinationBackupVaultArn"))


def message(body: Body) -> Notification:
    """Return the notice of a job, from its text: `An AWS Backup job failed. Resource ARN : …`."""
    text = body.string
    found, job = JOB.search(text), JOB_ID.search(text)
    kind, state = (found[1] or "backup", found[2]) if found else ("backup", "")
    arns = {name.lower(): arn for name, arn in ARN.findall(text)}
    point = arns.get("recovery point", "")
    arn = arns.get("resource", point)
    return notification(
        body,
        status=job_status(state),
        label=state.upper() or "BACKUP",
        title=joined("Backup", name_of(arn), by=" "),
        summary=f"{kind} job {state}",
        reason=text,
        facts=(("Job", job[1] if job else ""), ("Recovery point", name_of(point))),
        resources=(arn,),
    )
