import json

import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, changed_detail


@pytest.mark.parametrize(
    ("information", "reason"),
    [
        (json.dumps({"ErrorCode": "TIMEOUT", "ErrorMessage": 'The "api" hook'}), ': TIMEOUT: The "api" hook'),
        ({"ErrorCode": "TIMEOUT"}, ": TIMEOUT"),
        ("no JSON", ""),
        (None, ""),
    ],
)
def test_the_error_of_a_trigger_is_json_in_a_string(information: object, reason: str) -> None:
    said = changed("codedeploy-trigger.json", errorInformation=information)
    assert said.summary == f"group production, d-1A2B3C4D5{reason}"


def test_an_instance_is_named() -> None:
    assert changed_detail("codedeploy-failed.json", instanceId="i-0a").summary.endswith(": instance i-0a")


def test_a_deployment_that_was_stopped_has_failed() -> None:
    assert changed_detail("codedeploy-failed.json", state="STOP").status is Status.FIRING
