import pytest

from intake.self_tests import is_self_test
from notifications.parsing import parse
from notifications.self_tests import HEARTBEAT
from tests.support.samples.events import TEST_ALARM, TEST_ALARM_ARN, alarm_message
from tests.support.samples.notifications import record


def recognised(text: str, arn: str = TEST_ALARM_ARN) -> bool:
    return is_self_test(parse(record(text)), arn)


@pytest.mark.parametrize("text", [HEARTBEAT, alarm_message(AlarmName=TEST_ALARM)])
def test_a_heartbeat_and_the_test_alarm_are_self_tests(text: str) -> None:
    assert recognised(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEARTBEAT} ",
        HEARTBEAT.replace(" ", ""),
        alarm_message(AlarmName=f"{TEST_ALARM}0"),
        alarm_message(AlarmName=""),
        alarm_message(AlarmName=TEST_ALARM, AlarmArn=TEST_ALARM_ARN.replace("eu-west-1", "eu-west-2")),
        TEST_ALARM,
        f'{{"detail-type": "{TEST_ALARM}", "detail": {{}}}}',
    ],
)
def test_what_only_resembles_them_is_an_alert(text: str) -> None:
    assert not recognised(text)


@pytest.mark.parametrize("name", ["", "Message"])
def test_a_stack_without_a_test_alarm_has_heartbeats_only(name: str) -> None:
    assert not recognised(alarm_message(AlarmName=name), "")
    assert recognised(HEARTBEAT, "")


def test_the_test_alarm_is_recognised_without_its_arn_by_account_region_and_name() -> None:
    messages = (alarm_message(AlarmName=TEST_ALARM, AlarmArn=None, Region=one) for one in ("eu-west-1", "eu-west-2"))
    assert [recognised(message) for message in messages] == [True, False]
