import pytest

from aws_events.severity import Severity
from notifications.models import Status
from tests.support.samples.notifications import changed, changed_detail, read_sample


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("Permanent", Severity.MEDIUM), ("Transient", Severity.LOW), ("Undetermined", Severity.MEDIUM)],
)
def test_a_transient_bounce_is_less_than_a_permanent_one(kind: str, severity: Severity) -> None:
    bounce = read_sample("ses-bounce.json")["bounce"] | {"bounceType": kind}
    assert changed("ses-bounce.json", bounce=bounce).severity is severity


def test_no_recipient_is_shown_in_full() -> None:
    bounce = read_sample("ses-bounce.json")["bounce"]
    bounce["bouncedRecipients"] = [
        {"emailAddress": "canary@example.org", "diagnosticCode": "<canary@example.org> full"}
    ]
    said = changed("ses-bounce.json", bounce=bounce)
    assert "canary" not in repr((said.title, said.summary, said.facts))
    assert "c…@example.org" in said.summary


@pytest.mark.parametrize(
    ("kind", "status", "summary"),
    [
        ("Sending Status Disabled", Status.FIRING, "sending is paused: The complaint rate is above 0.5 %."),
        ("Sending Status Enabled", Status.RESOLVED, "sending is allowed again: The complaint rate is above 0.5 %."),
    ],
)
def test_a_pause_of_sending_is_told_with_its_cause(kind: str, status: Status, summary: str) -> None:
    said = changed("ses-sending-paused.json", **{"detail-type": kind})
    assert (said.status, said.summary, said.title) == (status, summary, "SES shop")


def test_a_recommendation_without_words_names_its_type() -> None:
    assert changed_detail("ses-recommendation.json", description=None).summary == "bounce recommendation"
