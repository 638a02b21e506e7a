import pytest

from aws_events.message_attributes import read_facts
from intake.models import Routed
from intake.sending import send
from outcomes.outcome import Later, LaterReason, Moved, Outcome
from retry_policies import Deadline
from tests.support.samples.notifications import record
from tests.support.steps.virtual_lanes import VirtualLanes


@pytest.fixture
def queue() -> VirtualLanes:
    return VirtualLanes()


def alert(body: str, lane: str, mention: str = "", *, as_text: bool = False) -> Routed:
    return Routed(record(body, message_id=body), lane, f"identity of {body}", mention, as_text=as_text)


def outcomes(queue: VirtualLanes, *alerts: Routed) -> list[tuple[str, Outcome]]:
    sent = send(queue.lanes, alerts, Deadline.after(60))
    return [(one.body, outcome) for one, outcome in sent]


def test_each_alert_moves_to_its_lane_in_order(queue: VirtualLanes) -> None:
    assert outcomes(queue, alert("1", "a"), alert("2", "b"), alert("3", "a")) == [
        ("1", Moved("a")),
        ("2", Moved("b")),
        ("3", Moved("a")),
    ]
    assert [(one.body, one.group) for one in queue.fifo.messages()] == [("1", "a"), ("2", "b"), ("3", "a")]


def test_the_message_has_the_facts_of_the_routing(queue: VirtualLanes) -> None:
    outcomes(queue, alert("1", "a", "<!here>", as_text=True))
    [received] = queue.receive()
    found = read_facts(received)
    assert (found.identity, found.mention, found.as_text) == ("identity of 1", "<!here>", True)


def test_an_alert_that_the_lane_refuses_is_for_later_with_those_behind_it(queue: VirtualLanes) -> None:
    queue.sqs.failing = {"0": ["AccessDenied"]}
    alerts = [alert(str(number), "a" if number in {0, 10} else "b") for number in range(12)]
    found = dict(outcomes(queue, *alerts))
    not_sent = Later(LaterReason.NOT_SENT)
    assert found == {str(number): not_sent if number in {0, 10} else Moved("b") for number in range(12)}


def test_no_alert_means_no_call(queue: VirtualLanes) -> None:
    assert outcomes(queue) == []
    assert queue.sqs.calls == []
