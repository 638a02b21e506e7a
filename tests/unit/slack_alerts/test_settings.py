import pytest

from slack_alerts.settings import Settings, SettingsError

ENV = {
    "DESTINATIONS_PATH": "/holdfast/destinations",
    "DEFAULT_DESTINATION": "default",
    "ALERTS_QUEUE_URL": "https://sqs.example.com/alerts",
    "RESERVE_SECONDS": "5",
    "FIRST_DELAY_SECONDS": "30",
    "DELAY_CAP_SECONDS": "900",
}


def test_the_environment_becomes_settings() -> None:
    settings = Settings.from_env(ENV | {"RESERVE_SECONDS": "2.5"})
    assert (settings.default_destination, settings.reserve, settings.delay_cap) == ("default", 2.5, 900.0)


@pytest.mark.parametrize("name", ENV)
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
