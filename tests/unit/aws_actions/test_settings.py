import pytest

from aws_actions.calling.allow_list import AllowList
from aws_actions.settings import Settings
from configuration.environment import SettingsError

ENVIRONMENT = {
    "ALLOWED_ACTIONS": "ecs:UpdateService",
    "CALL_ROLE_ARN": "arn:aws:iam::123456789012:role/calls",
    "RULES_PARAMETER": "/holdfast/action-rules",
    "ACTIONS_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/actions",
    "ACTIONS_QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:actions",
    "ALLOWED_TOPIC_ARNS": "arn:aws:sns:eu-west-1:123456789012:actions, arn:aws:sns:eu-west-1:123456789012:more",
    "ALERTS_TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:alerts",
    "PARKING_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/parking",
    "DELIVERIES_TABLE": "deliveries",
    "CALL_TIMEOUT_SECONDS": "10",
    "RESERVE_SECONDS": "5",
    "LEASE_SECONDS": "90",
    "FIRST_DELAY_SECONDS": "30",
    "DELAY_CAP_SECONDS": "900",
}


def test_the_environment_is_settings() -> None:
    settings = Settings.from_env(ENVIRONMENT)
    assert settings.allowed_actions == AllowList.parse("ecs:UpdateService")
    assert len(settings.allowed_topic_arns) == 2
    assert (settings.call_timeout, settings.reserve) == (10.0, 5.0)
    assert settings.attempt_time == 13.0


def test_the_allow_list_may_be_empty() -> None:
    assert Settings.from_env(ENVIRONMENT | {"ALLOWED_ACTIONS": ""}).allowed_actions == AllowList(frozenset())


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_the_error_names_a_missing_variable(name: str) -> None:
    env = {key: value for key, value in ENVIRONMENT.items() if key != name}
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        Settings.from_env(env)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_ACTIONS", "ecs:*"),
        ("ALLOWED_ACTIONS", "iam:PassRole"),
        ("ALLOWED_TOPIC_ARNS", "a,,b"),
        ("RESERVE_SECONDS", "soon"),
    ],
)
def test_the_error_names_an_invalid_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must "):
        Settings.from_env(ENVIRONMENT | {name: value})
