import pytest

from configuration.environment import SettingsError
from intake.settings import Settings
from tests.support.samples.events import QUEUE_ARN, TEST_ALARM_ARN
from tests.support.stack.environment import URLS, environment

ENV = environment("Intake")


def test_the_environment_becomes_settings() -> None:
    settings = Settings.from_env(ENV | {"ALLOWED_TOPIC_ARNS": "a,b", "RESERVE_SECONDS": "2.5", "UNRELATED": "x"})
    assert settings == Settings(
        default_destination="default",
        routes_parameter="/holdfast/routes",
        alerts_queue_url=URLS["AlertsQueue"],
        alerts_queue_arn=QUEUE_ARN,
        allowed_topic_arns=frozenset({"a", "b"}),
        direct_alarm_arn="",
        lanes_queue_url=URLS["LanesQueue"],
        parking_queue_url=URLS["ParkingQueue"],
        deliveries_table="deliveries",
        test_alarm_arn=TEST_ALARM_ARN,
        reserve=2.5,
        lease=90.0,
        first_delay=10.0,
        delay_cap=900.0,
    )


def test_a_stack_without_self_tests_names_no_alarm() -> None:
    assert Settings.from_env({name: one for name, one in ENV.items() if name != "TEST_ALARM_ARN"}).test_alarm_arn == ""


def test_a_stack_with_direct_alarms_has_the_pattern_of_their_arns() -> None:
    assert Settings.from_env(ENV | {"DIRECT_ALARM_ARN": "arn:*"}).direct_alarm_arn == "arn:*"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("ALLOWED_TOPIC_ARNS", ",", "must have no empty part"),
        *((name, "0", "must be a number of seconds") for name in ENV if name.endswith("_SECONDS")),
    ],
)
def test_the_error_of_a_wrong_variable_has_its_rule(name: str, value: str, rule: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} {rule}"):
        Settings.from_env(ENV | {name: value})
