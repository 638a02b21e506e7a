import pytest

from configuration.environment import SettingsError
from intake.settings import Settings

ARN = "arn:aws:sns:eu-west-1:111122223333"
ENV = {
    "DEFAULT_DESTINATION": "default",
    "ROUTES_PARAMETER": "/holdfast/routes",
    "ALERTS_QUEUE_URL": "https://sqs.example.com/alerts",
    "ALERTS_QUEUE_ARN": "arn:aws:sqs:eu-west-1:111122223333:alerts",
    "ALLOWED_TOPIC_ARNS": f"{ARN}:a,{ARN}:b",
    "LANES_QUEUE_URL": "https://sqs.example.com/lanes.fifo",
    "PARKING_QUEUE_URL": "https://sqs.example.com/parking",
    "DELIVERIES_TABLE": "deliveries",
    "TEST_ALARM": "holdfast-TestAlarm-1",
    "RESERVE_SECONDS": "5",
    "LEASE_SECONDS": "90",
    "FIRST_DELAY_SECONDS": "10",
    "DELAY_CAP_SECONDS": "900",
}


def test_the_environment_becomes_settings() -> None:
    settings = Settings.from_env(ENV | {"RESERVE_SECONDS": "2.5", "UNRELATED": "x"})
    assert settings == Settings(
        default_destination="default",
        routes_parameter="/holdfast/routes",
        alerts_queue_url="https://sqs.example.com/alerts",
        alerts_queue_arn="arn:aws:sqs:eu-west-1:111122223333:alerts",
        allowed_topic_arns=frozenset({f"{ARN}:a", f"{ARN}:b"}),
        lanes_queue_url="https://sqs.example.com/lanes.fifo",
        parking_queue_url="https://sqs.example.com/parking",
        deliveries_table="deliveries",
        test_alarm="holdfast-TestAlarm-1",
        reserve=2.5,
        lease=90.0,
        first_delay=10.0,
        delay_cap=900.0,
    )


def test_a_stack_without_self_tests_names_no_alarm() -> None:
    assert Settings.from_env({name: one for name, one in ENV.items() if name != "TEST_ALARM"}).test_alarm == ""


@pytest.mark.parametrize("name", [name for name in ENV if name != "TEST_ALARM"])
def test_the_error_names_a_missing_variable(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        Settings.from_env(ENV | {name: ""})


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
