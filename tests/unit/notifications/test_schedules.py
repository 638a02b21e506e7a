import json

from notifications.models import Notification
from tests.support.samples.notifications import parse_json, read_sample


def dead_letter(sample: str, **attributes: str | None) -> Notification:
    """Parse a dead letter with other values of these attributes."""
    [found] = read_sample(sample)
    for name, value in attributes.items():
        found["messageAttributes"][name] = {"stringValue": value, "dataType": "String"}
    return parse_json([found])


def test_the_event_that_was_not_delivered_is_not_shown() -> None:
    [found] = read_sample("rule-failed.json")
    found["body"] = json.dumps({"card": "canary"})
    said = parse_json([found])
    assert "canary" not in repr((said.summary, said.reason, said.facts))


def test_without_a_message_the_code_says_why() -> None:
    said = dead_letter("rule-failed.json", ERROR_MESSAGE=None)
    assert said.summary == "target shipping not invoked: NO_PERMISSIONS"


def test_account_and_region_are_those_of_the_schedule() -> None:
    arn = "arn:aws:scheduler:eu-north-1:444455556666:schedule/default/nightly"
    said = dead_letter("schedule-failed.json", SCHEDULE_ARN=arn)
    assert (said.account, said.region, said.title) == ("444455556666", "eu-north-1", "schedule nightly")
