import pytest

from outcomes.outcome import Duplicate
from slack_alerts.delivery.open_claims import ClaimedAlert, OpenClaims, identity_of
from tests.support.samples.notifications import record
from tests.support.steps.lane import Lane


def facts(**values: str) -> dict[str, object]:
    text = "{" + ", ".join(f'"{name}": "{value}"' for name, value in values.items()) + "}"
    return {"holdfast": {"dataType": "String", "stringValue": text}}


@pytest.mark.parametrize(
    ("attributes", "sns_id", "identity"),
    [
        (facts(identity="alarm 1", alert_id="m0"), "sns-1", "alarm 1"),
        (facts(alert_id="m0"), "sns-1", "sns-1"),
        (facts(alert_id="m0"), "", "m0"),
        ({}, "", "m1"),
    ],
)
def test_an_alert_has_the_identity_that_intake_parsed_else_its_first_id(
    attributes: dict[str, object], sns_id: str, identity: str
) -> None:
    assert identity_of(record("x", message_id="m1", sns_message_id=sns_id, attributes=attributes)) == identity


def test_open_claims_are_released_untried_and_taken_ones_are_not(lane: Lane) -> None:
    claims = OpenClaims(lane.claims, "team")
    first, second = (claims.claim(record("x", message_id=name)) for name in "ab")
    assert isinstance(first, ClaimedAlert)
    assert isinstance(second, ClaimedAlert)
    claims.take(first).commit()
    claims.release_all()
    assert lane.states("a", "b") == ["posted", "free"]
    assert lane.row("b").until == 0.0
    assert claims.claim(first.record) == Duplicate()
