import pytest

from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import changed_detail, record

RESOURCE = "Resource ARN : arn:aws:rds:eu-west-1:111122223333:db:orders-db. BackupJob ID : 9ddf9c6e-1b2c"
POINT = "Recovery point ARN: arn:aws:ec2:eu-west-1::snapshot/snap-0a1b."


@pytest.mark.parametrize(
    ("text", "label", "status", "summary"),
    [
        (f"An AWS Backup job failed. {RESOURCE}", "FAILED", Status.FIRING, "backup job failed"),
        (f"An AWS Backup job was stopped. {RESOURCE}", "STOPPED", Status.FIRING, "backup job stopped"),
        (
            f"An AWS Backup job was completed successfully. {POINT} Backed up {RESOURCE}",
            "COMPLETED",
            Status.RESOLVED,
            "backup job completed",
        ),
        (f"An AWS Backup restore job failed. {RESOURCE}", "FAILED", Status.FIRING, "restore job failed"),
    ],
)
def test_a_text_names_the_job_its_state_and_the_resource(text: str, label: str, status: Status, summary: str) -> None:
    said = parse(record(text))
    assert (said.label, said.status, said.summary, said.title) == (label, status, summary, "Backup orders-db")
    assert dict(said.facts)["Job"] == "9ddf9c6e-1b2c"


def test_a_text_without_a_resource_names_the_recovery_point() -> None:
    said = parse(record(f"An AWS Backup job was completed successfully. {POINT}"))
    assert (said.title, dict(said.facts)["Recovery point"]) == ("Backup snap-0a1b", "snap-0a1b")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("COMPLETED", Status.RESOLVED),
        ("RUNNING", Status.NOTICE),
        ("PARTIAL", Status.FIRING),
        ("ABORTING", Status.FIRING),
        ("ABORTED", Status.FIRING),
        ("EXPIRED", Status.FIRING),
        ("FAILED", Status.FIRING),
    ],
)
def test_each_state_of_a_job_has_its_status(state: str, status: Status) -> None:
    assert changed_detail("backup-completed.json", state=state).status is status
