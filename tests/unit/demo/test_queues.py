from demo.ministack import QueuedMessage
from demo.queues import Queues
from record_batch.lane_message import SELF_TESTS
from tests.support.samples.events import sns_body


def message(sns_id: str, lane: str = "") -> QueuedMessage:
    return QueuedMessage(f"sqs-{sns_id}", sns_body("text", message_id=sns_id), receives=1, is_visible=True, lane=lane)


QUEUES = Queues(
    alerts=[message("a")],
    lanes=[message("b", "ops"), message("c", "ops"), message("d", "team"), message("e", SELF_TESTS)],
    parked=[message("f")],
    alerts_dead=[message("g")],
    lanes_dead=[message("h")],
)


def test_the_places_are_those_that_decide_an_end() -> None:
    places = QUEUES.places()
    assert places.in_flight == {"a", "b", "c", "d", "e"}
    assert places.parked == {"f"}
    assert places.dead_lettered == {"g", "h"}
    assert QUEUES.in_lanes() == {"b", "c", "d", "e"}


def test_the_lanes_of_destinations_are_counted_apart_and_self_tests_are_not() -> None:
    assert QUEUES.by_lane() == {"ops": ["b", "c"], "team": ["d"]}
    assert QUEUES.depths() == {"alerts": 1, "lanes": 4, "parked": 1, "alerts_dead": 1, "lanes_dead": 1}
