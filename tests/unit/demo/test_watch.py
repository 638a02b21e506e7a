"""The view from outside over 40 minutes of virtual time, over the real functions and the Slack stand-in."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from demo.ledger import ENDS, Ledger
from holdfast_cli.samples import ALERTS, samples
from notifications.self_tests import HEARTBEAT
from tests.support.demo.virtual_demo import VirtualDemo
from tests.support.virtual.world import World

MINUTE = 60.0
LASTS = 40 * MINUTE
HEARTBEATS = (15 * MINUTE, 30 * MINUTE)
REFUSED = [{"body": "invalid_blocks"}, {"body": "invalid_payload"}]
SECONDS_BETWEEN = 1.0
"""Slack takes one message a second."""
PARKED = {"queue": "parking", "dry_run": False}


@pytest.fixture
def demo() -> Iterator[VirtualDemo]:
    with World() as world:
        yield VirtualDemo(world)


def watched(demo: VirtualDemo, until: float = LASTS) -> list[Ledger]:
    """Run until then; return the ledger of every second."""
    ledgers: list[Ledger] = []

    def look() -> None:
        demo.watch.poll()
        ledgers.append(demo.watch.ledger())

    for second in range(int(until) + 1):
        demo.world.at(float(second), look)
    demo.world.run(until)
    return ledgers


def test_nothing_is_ever_lost_in_40_minutes_with_heartbeats_an_outage_a_reset_and_redrives(demo: VirtualDemo) -> None:
    at = demo.world.at
    for number in range(39):
        at(number * MINUTE, partial(demo.send, f"alert-{number}.", f"sns-{number}"))
    for instant in HEARTBEATS:
        at(instant, partial(demo.send, HEARTBEAT, f"heartbeat-{instant:.0f}"))
    demo.standin.script(REFUSED, match="alert-3.")
    at(5 * MINUTE, demo.standin.outage)
    at(8 * MINUTE, lambda: demo.standin.outage(0))
    at(20 * MINUTE, demo.standin.reset)
    at(25 * MINUTE, lambda: demo.redrives.invoke(PARKED))
    demo.redrives.schedule(15 * MINUTE, LASTS)
    ledgers = watched(demo)
    seen = Counter(end for ledger in ledgers for end, number in ledger.totals().items() if number)
    assert seen.keys() == {*ENDS} - {"lost", "dead_lettered"}, "each place was seen, and no alert was lost at any time"
    assert all(len(one.entries) == sum(one.totals().values()) for one in ledgers)
    summary = ledgers[-1].summary()
    assert summary == dict.fromkeys(summary, 0) | {"published": 39, "delivered": 39, "self_tests": 2}
    assert [one.ends for one in ledgers[-1].self_tests] == [("passed",)] * 2
    assert len(demo.standin.messages()) < len(demo.standin.since(0)), "the reset took the messages from the page"


def test_an_alert_that_dies_is_dead_and_its_redrive_delivers_it(demo: VirtualDemo) -> None:
    demo.lanes.max_receives = 2
    demo.send("alert-1.", "sns-1")
    demo.standin.outage(10 * MINUTE)
    demo.redrives.schedule(15 * MINUTE, LASTS)
    ends = [ledger.entries[0].end for ledger in watched(demo)]
    assert list(dict.fromkeys(ends)) == ["in_flight", "dead_lettered", "delivered"]


def test_an_alert_that_disappears_is_lost(demo: VirtualDemo) -> None:
    demo.topics["alerts-topic"].send('{"Message": "m", "MessageId": "sns-1", "TopicArn": "t"}')
    assert [ledger.summary()["lost"] for ledger in watched(demo, 3.0)] == [0, 1, 1, 1]


def test_no_sample_of_events_is_lost(demo: VirtualDemo) -> None:
    messages = [message for one in samples().values() for topic, message in one.messages if topic == ALERTS]
    for number, message in enumerate(messages):
        demo.world.at(number * SECONDS_BETWEEN, partial(demo.send, message, f"sns-{number}"))
    ledger = watched(demo, (len(messages) + 10) * SECONDS_BETWEEN)[-1]
    assert [one.alert.label for one in ledger.entries if one.end != "delivered"] == []
    assert [one.end for one in ledger.skipped] == ["skipped"] * 2, "the test event of S3, the progress of a resource"


def test_the_depths_are_those_of_the_queues_and_of_their_lanes(demo: VirtualDemo) -> None:
    demo.standin.outage()
    for number in range(3):
        demo.send(f"alert-{number}.", f"sns-{number}")
    watched(demo, 30.0)
    assert demo.watch.queues.depths() == {"alerts": 0, "lanes": 3, "parked": 0, "alerts_dead": 0, "lanes_dead": 0}
    assert demo.watch.queues.by_lane() == {"default": ["sns-0", "sns-1", "sns-2"]}
