import pytest

from notices.settings import Settings
from tests.support.stack.environment import URLS, environment

OPTIONAL = "ACTIONS_DEAD_LETTER_QUEUE_URL"
ENVIRONMENT = environment("Notices")


def test_settings_come_from_the_environment() -> None:
    queues = ("ParkingQueue", "AlertsDeadLetterQueue", "LanesDeadLetterQueue", "ActionsDeadLetterQueue")
    assert Settings.from_env(ENVIRONMENT) == Settings(
        queue_urls=tuple(URLS[name] for name in queues),
        lanes_queue_url=URLS["LanesQueue"],
        ops_topic_arn="arn:aws:sns:eu-west-1:123456789012:ops",
        deliveries_table="deliveries",
        reserve=5.0,
    )


@pytest.mark.parametrize("changes", [{}, {OPTIONAL: " "}])
def test_a_stack_without_actions_has_three_queues(changes: dict[str, str]) -> None:
    without = {name: value for name, value in ENVIRONMENT.items() if name != OPTIONAL}
    assert len(Settings.from_env(without | changes).queue_urls) == 3
