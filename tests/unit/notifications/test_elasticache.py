import pytest

from notifications.models import Status
from tests.support.samples.notifications import parse_json


@pytest.mark.parametrize(
    ("event", "label", "summary", "status"),
    [
        ("ElastiCache:FailoverComplete", "ElastiCache", "failover complete", Status.RESOLVED),
        ("ElastiCache:SnapshotFailed", "FAILED", "snapshot failed", Status.FIRING),
        ("ElastiCache:NodeReplacementScheduled", "ElastiCache", "node replacement scheduled", Status.NOTICE),
    ],
)
def test_the_key_names_the_event(event: str, label: str, summary: str, status: Status) -> None:
    said = parse_json({event: "sessions-001"})
    assert (said.label, said.summary, said.status) == (label, summary, status)
