import pytest

from record_batch.environment import SettingsError
from redrive.settings import Settings
from tests.support.redriving import ALERTS_ARN, QUEUES, SETTINGS

ENVIRONMENT = SETTINGS | {variable: f"https://sqs/{name}" for name, variable in QUEUES.items()}


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_env(ENVIRONMENT)
    assert (settings.alerts_queue_url, settings.dead_letters_url) == ("https://sqs/alerts", "https://sqs/dead")
    assert settings.alerts_queue_arn == ALERTS_ARN
    assert settings.parking_queue_url == "https://sqs/parking"
    assert (settings.lease, settings.reserve, settings.aws_timeout) == (90, 5, 1)
    assert (settings.first_pause, settings.pause_cap) == (30, 900)


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_what_is_missing_is_said_by_its_name(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        Settings.from_env({key: value for key, value in ENVIRONMENT.items() if key != name})
