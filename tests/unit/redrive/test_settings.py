import pytest

from configuration.environment import SettingsError
from redrive.settings import Settings
from tests.support.handlers.redrive import ALERTS_ARN, LANES_ARN, QUEUES, SETTINGS

ENVIRONMENT = SETTINGS | {variable: f"https://sqs/{name}" for name, variable in QUEUES.items()}


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_env(ENVIRONMENT)
    assert (settings.alerts_queue_url, settings.alerts_queue_arn) == ("https://sqs/alerts", ALERTS_ARN)
    assert (settings.lanes_queue_url, settings.lanes_queue_arn) == ("https://sqs/lanes.fifo", LANES_ARN)
    assert settings.dead_letters_url == "https://sqs/dead"
    assert settings.lanes_dead_letters_url == "https://sqs/lanes-dead.fifo"
    assert settings.parking_queue_url == "https://sqs/parking"
    assert (settings.lease, settings.reserve) == (90, 5)


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_the_error_names_a_variable_that_is_missing(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        Settings.from_env({key: value for key, value in ENVIRONMENT.items() if key != name})
