import pytest

from aws_actions.calling.allow_list import AllowList
from aws_actions.settings import Settings
from configuration.environment import SettingsError
from tests.support.samples.events import TOPIC_ARN
from tests.support.stack.environment import URLS, environment

ENVIRONMENT = environment("Actions")


def test_the_environment_is_settings() -> None:
    settings = Settings.from_env(ENVIRONMENT | {"ALLOWED_TOPIC_ARNS": "a, b"})
    assert settings == Settings(
        allowed_actions=AllowList.parse(ENVIRONMENT["ALLOWED_ACTIONS"]),
        call_role_arn="arn:aws:iam::123456789012:role/calls",
        rules_parameter="/holdfast/action-rules",
        actions_queue_url=URLS["ActionsQueue"],
        actions_queue_arn="arn:aws:sqs:eu-west-1:123456789012:actions",
        allowed_topic_arns=frozenset({"a", "b"}),
        alerts_topic_arn=TOPIC_ARN,
        parking_queue_url=URLS["ParkingQueue"],
        deliveries_table="deliveries",
        call_timeout=10.0,
        reserve=5.0,
        lease=90.0,
        first_delay=30.0,
        delay_cap=900.0,
    )
    assert settings.attempt_time == 13.0


def test_the_allow_list_may_be_empty() -> None:
    assert Settings.from_env(ENVIRONMENT | {"ALLOWED_ACTIONS": ""}).allowed_actions == AllowList(frozenset())


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
