import pytest

from aws_events.severity import Severity
from notifications.models import Status
from tests.support.samples.notifications import changed


@pytest.mark.parametrize(
    ("word", "message", "status", "severity"),
    [
        ("ERROR", "The cluster needs maintenance.", Status.FIRING, Severity.HIGH),
        ("INFO", "Maintenance on the cluster completed.", Status.RESOLVED, None),
        ("INFO", "The cluster was resized.", Status.NOTICE, None),
    ],
)
def test_only_an_error_of_a_cluster_has_a_severity(
    word: str, message: str, status: Status, severity: Severity | None
) -> None:
    said = changed("redshift-message.json", **{"Severity": word, "Event Message": message})
    assert (said.status, said.severity, said.severity_word) == (status, severity, word)
