import pytest

from notifications.line import line
from notifications.models import Status
from tests.support.samples.notifications import changed, parse_json, read_sample


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("NON_COMPLIANT", Status.FIRING),
        ("COMPLIANT", Status.RESOLVED),
        ("NOT_APPLICABLE", Status.NOTICE),
        ("INSUFFICIENT_DATA", Status.NOTICE),
    ],
)
def test_compliance_decides_the_status(state: str, status: Status) -> None:
    said = changed("config-compliant-sns.json", newEvaluationResult={"complianceType": state})
    assert (said.label, said.status) == (state, status)


def test_the_event_and_the_sns_message_of_one_evaluation_are_twins() -> None:
    event = read_sample("config-noncompliant.json")
    first, second = map(parse_json, (event, event["detail"]))
    assert first.identity
    assert (first.identity, line(first)) == (second.identity, line(second))


def test_an_old_message_with_a_list_of_items_is_read() -> None:
    item = {"resourceType": "AWS::EC2::Volume", "resourceId": "vol-0a", "accountId": "111122223333"}
    said = parse_json({"messageType": "ConfigurationItemChangeNotification", "configurationItems": [item]})
    assert line(said) == "🔔 CHANGE Config EC2 Volume vol-0a: changed, details are in the console (111122223333)"


@pytest.mark.parametrize("field", ["awsAccountId", "awsRegion", "resourceType"])
def test_a_resource_of_the_same_name_elsewhere_is_another_one(field: str) -> None:
    first, second = (changed("config-compliant-sns.json", **{field: value}) for value in ("a-1", "b-2"))
    assert first.identity != second.identity
