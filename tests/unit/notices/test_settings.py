import pytest

from configuration.environment import SettingsError
from notices.settings import Settings
from tests.support.handlers.notices import SETTINGS, VARIABLES

OPTIONAL = "ACTIONS_DEAD_LETTER_QUEUE_URL"
ENVIRONMENT = (
    SETTINGS | {"OPS_TOPIC_ARN": "arn:ops"} | {variable: f"https://sqs/{name}" for name, variable in VARIABLES.items()}
)


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_env(ENVIRONMENT)
    assert settings.queue_urls == tuple(f"https://sqs/{name}" for name in VARIABLES)
    assert (settings.ops_topic_arn, settings.deliveries_table) == ("arn:ops", "deliveries")
    assert settings.reserve == 5


@pytest.mark.parametrize("changes", [{}, {OPTIONAL: " "}])
def test_a_stack_without_actions_has_three_queues(changes: dict[str, str]) -> None:
    without = {name: value for name, value in ENVIRONMENT.items() if name != OPTIONAL}
    assert len(Settings.from_env(without | changes).queue_urls) == 3


@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name != OPTIONAL])
def test_the_error_names_a_missing_variable(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        Settings.from_env({key: value for key, value in ENVIRONMENT.items() if key != name})
