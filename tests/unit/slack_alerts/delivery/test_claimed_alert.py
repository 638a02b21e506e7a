import pytest

from slack_alerts.delivery.claimed_alert import identity_of
from tests.support.samples.notifications import record


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
