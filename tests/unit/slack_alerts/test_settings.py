import pytest

from configuration.environment import SettingsError
from slack_alerts.settings import Settings
from slack_alerts.slack.egress import Egress
from tests.support.samples.events import LANES_ARN
from tests.support.stack.environment import URLS, environment

ENV = environment("SlackAlerts")


def test_the_environment_becomes_settings() -> None:
    assert Settings.from_env(ENV | {"RESERVE_SECONDS": "2.5", "UNRELATED": "x"}) == Settings(
        destinations_path="/holdfast/destinations",
        default_destination="default",
        secret_store="ssm",  # noqa: S106 - a store, not a secret
        slack_api_url="https://slack.com/api",
        egress=Egress(frozenset({"hooks.slack.com", "slack.com", "hooks.slack-gov.com", "slack-gov.com"})),
        routes_parameter=ENV["ROUTES_PARAMETER"],
        lanes_queue_url=URLS["LanesQueue"],
        lanes_queue_arn=LANES_ARN,
        parking_queue_url=URLS["ParkingQueue"],
        ops_topic_arn=ENV["OPS_TOPIC_ARN"],
        deliveries_table="deliveries",
        has_test_alarm=True,
        digest_from=3,
        edits_messages=True,
        draws_pictures=False,
        unanswered_limit=5,
        reserve=2.5,
        lease=45.0,
        lane_time=10.0,
        post_interval=1.0,
        first_pause=5.0,
        pause_cap=60.0,
        doubt_pause_cap=900.0,
    )


@pytest.mark.parametrize(("reserve", "least"), [("5", 4.0), ("1", 0.8), ("30", 4.0)])
def test_the_reserve_gives_the_least_time_of_a_post(reserve: str, least: float) -> None:
    assert Settings.from_env(ENV | {"RESERVE_SECONDS": reserve}).least_post_time == pytest.approx(least)


def test_a_stack_may_have_no_test_alarm_and_suppress_a_second_post() -> None:
    found = Settings.from_env(ENV | {"TEST_ALARM_ARN": "", "UNANSWERED_POSTS": "suppress"})
    assert (found.has_test_alarm, found.unanswered_limit) == (False, 1)


def test_the_quick_pace_allows_plain_http_to_hosts_that_are_named() -> None:
    quick = {"PACE": "quick", "ALLOWED_HOSTS": "slack-standin", "SLACK_API_URL": "http://slack-standin:8080/api/"}
    found = Settings.from_env(ENV | quick)
    assert found.egress == Egress(frozenset({"slack-standin"}), allows_plain=True)
    assert found.slack_api_url == "http://slack-standin:8080/api"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("SECRET_STORE", "SSM", "must be one of ssm, secretsmanager"),
        ("PACE", "slow", "must be one of standard, quick"),
        ("ALLOWED_HOSTS", "slack.com,", "must have no empty part"),
        ("UNANSWERED_POSTS", "never", "must be one of repeat, suppress"),
        ("EDITS", "", "is not set"),
        ("EDITS", "yes", "must be one of on, off"),
        ("PICTURES", "yes", "must be one of on, off"),
        ("DIGEST_FROM", "-1", "must be a whole number, 0 or more"),
        *((name, "0", "must be a number of seconds") for name in ENV if name.endswith("_SECONDS")),
    ],
)
def test_the_error_of_a_wrong_variable_has_its_rule(name: str, value: str, rule: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} {rule}"):
        Settings.from_env(ENV | {name: value})
