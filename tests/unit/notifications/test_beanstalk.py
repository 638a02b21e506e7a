import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES
from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import changed_detail, record

TEXT = (SAMPLES / "beanstalk.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("health", "status", "severity"),
    [
        ("Severe", Status.FIRING, Severity.CRITICAL),
        ("Degraded", Status.FIRING, Severity.HIGH),
        ("Warning", Status.FIRING, Severity.MEDIUM),
        ("Ok", Status.RESOLVED, None),
        ("Info", Status.NOTICE, None),
        ("No Data", Status.NO_DATA, None),
        ("Unknown", Status.NO_DATA, None),
        ("Suspended", Status.NO_DATA, None),
    ],
)
def test_the_health_of_a_text_is_its_severity(health: str, status: Status, severity: Severity | None) -> None:
    said = parse(record(TEXT.replace("to Severe", f"to {health}").replace("failing", "slow")))
    assert (said.status, said.severity) == (status, severity)


@pytest.mark.parametrize(
    ("word", "message", "status", "severity"),
    [
        ("ERROR", "Rollback.", Status.FIRING, Severity.HIGH),
        ("WARN", "Instances failed.", Status.FIRING, Severity.MEDIUM),
        ("INFO", "Environment update completed successfully.", Status.NOTICE, None),
        ("INFO", "Environment health has transitioned from Severe to Ok.", Status.RESOLVED, None),
    ],
)
def test_an_event_has_a_severity_of_its_own(word: str, message: str, status: Status, severity: Severity | None) -> None:
    said = changed_detail("beanstalk-event.json", Severity=word, Message=message)
    assert (said.status, said.severity, said.severity_word) == (status, severity, word)
