from redrive.settings import Settings
from tests.support.samples.events import LANES_ARN, QUEUE_ARN
from tests.support.stack.environment import URLS, environment


def test_settings_come_from_the_environment() -> None:
    assert Settings.from_env(environment("Redrive")) == Settings(
        alerts_queue_url=URLS["AlertsQueue"],
        alerts_queue_arn=QUEUE_ARN,
        lanes_queue_url=URLS["LanesQueue"],
        lanes_queue_arn=LANES_ARN,
        dead_letters_url=URLS["AlertsDeadLetterQueue"],
        lanes_dead_letters_url=URLS["LanesDeadLetterQueue"],
        parking_queue_url=URLS["ParkingQueue"],
        deliveries_table="deliveries",
        reserve=5.0,
        lease=90.0,
    )
