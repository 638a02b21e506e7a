import pytest

from record_batch.environment import SettingsError
from slack_alerts.egress import Egress
from slack_alerts.settings import Settings

ENV = {
    "DESTINATIONS_PATH": "/holdfast/destinations",
    "DEFAULT_DESTINATION": "default",
    "ROUTES_PARAMETER": "/holdfast/routes",
    "SECRET_STORE": "ssm",
    "SLACK_API_URL": "https://slack.com/api",
    "ALLOWED_HOSTS": "hooks.slack.com,slack.com",
    "ALERTS_QUEUE_URL": "https://sqs.example.com/alerts",
    "ALERTS_QUEUE_ARN": "arn:aws:sqs:eu-west-1:111122223333:alerts",
    "ALLOWED_TOPIC_ARNS": "arn:aws:sns:eu-west-1:111122223333:a,arn:aws:sns:eu-west-1:111122223333:b",
    "PARKING_QUEUE_URL": "https://sqs.example.com/parking",
    "OPS_TOPIC_ARN": "arn:aws:sns:eu-west-1:111122223333:ops",
    "DELIVERIES_TABLE": "deliveries",
    "TEST_ALARM": "holdfast-TestAlarm-1",
    "UNANSWERED_POSTS": "repeat",
    "RESERVE_SECONDS": "5",
    "LEASE_SECONDS": "90",
    "FIRST_DELAY_SECONDS": "30",
    "DELAY_CAP_SECONDS": "900",
    "FIRST_PAUSE_SECONDS": "30",
    "PAUSE_CAP_SECONDS": "900",
    "PACE": "standard",
}


def test_the_environment_becomes_settings() -> None:
    arn = "arn:aws:sns:eu-west-1:111122223333"
    assert Settings.from_env(ENV | {"RESERVE_SECONDS": "2.5", "UNRELATED": "x"}) == Settings(
        destinations_path="/holdfast/destinations",
        default_destination="default",
        routes_parameter="/holdfast/routes",
        secret_store="ssm",  # noqa: S106 - a store, not a secret
        slack_api_url="https://slack.com/api",
        egress=Egress(frozenset({"hooks.slack.com", "slack.com"})),
        alerts_queue_url="https://sqs.example.com/alerts",
        alerts_queue_arn="arn:aws:sqs:eu-west-1:111122223333:alerts",
        allowed_topic_arns=frozenset({f"{arn}:a", f"{arn}:b"}),
        parking_queue_url="https://sqs.example.com/parking",
        ops_topic_arn=f"{arn}:ops",
        deliveries_table="deliveries",
        test_alarm="holdfast-TestAlarm-1",
        unanswered_limit=5,
        reserve=2.5,
        lease=90.0,
        first_delay=30.0,
        delay_cap=900.0,
        first_pause=30.0,
        pause_cap=900.0,
        pace="standard",
    )


def test_the_quick_pace_allows_plain_http_to_hosts_that_are_named() -> None:
    quick = {"PACE": "quick", "ALLOWED_HOSTS": "slack-standin", "SLACK_API_URL": "http://slack-standin:8080/api/"}
    settings = Settings.from_env(ENV | quick)
    assert settings.egress == Egress(frozenset({"slack-standin"}), allows_plain=True)
    assert settings.slack_api_url == "http://slack-standin:8080/api"


def test_a_stack_without_self_tests_names_no_alarm() -> None:
    assert Settings.from_env({name: one for name, one in ENV.items() if name != "TEST_ALARM"}).test_alarm == ""


@pytest.mark.parametrize("name", [name for name in ENV if name != "TEST_ALARM"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_is_named(name: str, value: str | None) -> None:
    env = {key: one for key, one in (ENV | {name: value}).items() if one is not None}
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        Settings.from_env(env)


@pytest.mark.parametrize("name", ["RESERVE_SECONDS", "FIRST_DELAY_SECONDS", "DELAY_CAP_SECONDS"])
@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "5 s"])
def test_a_length_that_is_none_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be a number of seconds"):
        Settings.from_env(ENV | {name: value})


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("SECRET_STORE", "SSM", "must be one of ssm, secretsmanager"),
        ("PACE", "slow", "must be one of standard, quick"),
        ("ALLOWED_HOSTS", "slack.com,", "must have no empty part"),
        ("ALLOWED_TOPIC_ARNS", ",", "must have no empty part"),
    ],
)
def test_a_wrong_variable_is_named_with_its_rule(name: str, value: str, rule: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} {rule}"):
        Settings.from_env(ENV | {name: value})
