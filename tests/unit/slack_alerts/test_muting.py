"""A muted lane: its alerts wait, or move on. Whole mutes are in tests/conservation/test_mutes.py."""

import json
from dataclasses import replace

import pytest

from outcomes.outcome import Later, LaterReason, Move
from routes.route import Match, Route, Routes
from routes.stored import StoredRoutes
from shared_state.last_success import LAST_HOLD, LastSuccess
from slack_alerts.muting import CHECK
from tests.support.samples.notifications import record
from tests.support.steps.muted_lanes import NOW, MutedLanes, alarm, muted_routes
from tests.support.steps.scripted_store import refusal

HOUR = 3_600.0
DAY = 24 * HOUR
UNTIL_13 = "muted until 2026-01-31 13:00 UTC"
BEGINS, HAS_ENDED = (("ops", f"Mute until 2026-01-31 13:00 UTC: {one}") for one in ("begins", "has ended"))


class BrokenMute:
    def until(self, now: float) -> float:
        raise OverflowError(now)


class BrokenRoutes(StoredRoutes):
    """Routes whose mute raises."""

    def parse(self, text: str) -> tuple[Routes]:
        assert text
        return (Routes((Route(Match(), "ops", mute=BrokenMute()),)),)


NO_ROUTES = refusal("AccessDeniedException")


@pytest.mark.parametrize(("until", "pause"), [(HOUR, CHECK), (100.0, 100.0)])
def test_the_lane_pauses_until_the_next_look_at_the_routes_or_the_end(until: float, pause: float) -> None:
    lanes = MutedLanes([muted_routes(until)])
    assert lanes.receive(until, alarm(1), alarm(2)) == [("m1", Later(LaterReason.MUTED, pause))]


def test_at_the_end_alerts_move_in_order_to_their_destination_with_a_note() -> None:
    lanes = MutedLanes([muted_routes(HOUR)])
    lanes.clock.now += HOUR
    move = Move("ops", UNTIL_13, renewed_at=NOW + HOUR)
    assert lanes.receive(HOUR, alarm(1), alarm(2)) == [("m1", move), ("m2", move)]


@pytest.mark.parametrize("routes", [muted_routes(0.0), muted_routes(HOUR, below="high"), '{"routes": []}', None])
def test_an_alert_that_the_present_routes_do_not_mute_moves_at_once(routes: str | None) -> None:
    [(_, outcome)] = MutedLanes([routes]).receive(HOUR, alarm(AlarmDescription="Severity: high"))
    assert outcome == Move("ops", "muted until 2026-01-31 12:00 UTC", renewed_at=NOW)


@pytest.mark.parametrize("until", [HOUR / 2, 2 * HOUR])
def test_an_alert_whose_mute_has_another_end_now_moves_to_the_lane_of_that_end(until: float) -> None:
    lanes = MutedLanes([muted_routes(until)])
    assert lanes.receive(HOUR) == [("m1", Move(f"ops.muted-{NOW + until:.0f}-0"))]
    assert lanes.said == []


def test_alerts_whose_mute_is_over_do_not_wait_behind_one_that_is_muted() -> None:
    lanes = MutedLanes([muted_routes(HOUR)])
    text = record("no alarm", message_id="m2", attributes=alarm().attributes)
    outcomes = lanes.receive(HOUR, alarm(1), text, alarm(3))
    assert [(name, type(outcome)) for name, outcome in outcomes] == [("m2", Move), ("m1", Later)]


@pytest.mark.parametrize(("age", "kind"), [(7 * DAY - 1.0, Later), (7 * DAY, Move)])
def test_an_alert_of_seven_days_is_muted_no_longer(age: float, kind: type[object]) -> None:
    [(_, outcome)] = MutedLanes([muted_routes(HOUR)]).receive(HOUR, alarm(age=age))
    assert isinstance(outcome, kind)


@pytest.mark.parametrize("before", [muted_routes(0.0), muted_routes(2 * HOUR), None])
@pytest.mark.parametrize("answer", [NO_ROUTES, "no JSON"])
@pytest.mark.parametrize(("passed", "kind"), [(HOUR - 1.0, Later), (HOUR, Move)])
def test_without_routes_the_end_that_was_known_decides_and_not_routes_that_were_read_before(
    before: str | None, answer: str | Exception, passed: float, kind: type[object]
) -> None:
    lanes = MutedLanes([before, answer])
    lanes.receive(HOUR)
    lanes.clock.now += passed
    [(_, outcome)] = lanes.receive(HOUR)
    assert isinstance(outcome, kind)


@pytest.mark.parametrize(("passed", "kind"), [(HOUR - 1.0, Later), (HOUR, Move)])
def test_if_a_route_raises_the_end_that_was_known_decides(passed: float, kind: type[object]) -> None:
    lanes = MutedLanes([muted_routes(2 * HOUR)])
    stored = lanes.muting.stored_routes
    broken = BrokenRoutes(store=stored.store, parameter="/routes", policy=stored.policy, on_trouble=stored.on_trouble)
    lanes.muting = replace(lanes.muting, stored_routes=broken)
    lanes.clock.now += passed
    [(_, outcome)] = lanes.receive(HOUR)
    assert isinstance(outcome, kind)


def test_an_alert_moves_at_once_if_its_prolonged_mute_is_over_too() -> None:
    lanes = MutedLanes([muted_routes(HOUR + 100.0)])
    lanes.clock.now += HOUR + 300.0
    assert lanes.receive(HOUR) == [("m1", Move("ops", UNTIL_13, renewed_at=NOW + HOUR + 300.0))]


@pytest.mark.parametrize("late", [0.0, 299.0, 300.0, HOUR])
def test_at_the_end_of_a_daily_mute_alerts_do_not_wait_for_the_next_one(late: float) -> None:
    """The lane is received late, when the next mute has begun."""
    mute = {"from": "13:05", "until": "13:00", "zone": "UTC"}
    lanes = MutedLanes([json.dumps({"routes": [{"match": {}, "destination": "ops", "mute": mute}]})])
    lanes.clock.now += HOUR + late
    assert lanes.receive(HOUR) == [("m1", Move("ops", UNTIL_13, renewed_at=NOW + HOUR + late))]


def test_the_time_of_the_last_hold_is_recorded() -> None:
    lanes = MutedLanes([muted_routes(HOUR), muted_routes(0.0)])
    lanes.receive(HOUR)
    lanes.clock.now += 60.0
    lanes.receive(HOUR)
    assert LastSuccess(lanes.rows, LAST_HOLD).at() == NOW


def test_the_routes_are_read_at_each_receive() -> None:
    lanes = MutedLanes([muted_routes(HOUR), muted_routes(HOUR), muted_routes(0.0)])
    outcomes = [lanes.receive(HOUR)[0][1] for _ in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Later, Later, Move]


def test_beginning_and_end_are_told_once_in_the_lane_of_the_destination() -> None:
    lanes = MutedLanes([muted_routes(HOUR)])
    for _ in range(2):
        lanes.receive(HOUR)
        assert lanes.said == [BEGINS]
    lanes.clock.now += HOUR
    for _ in range(2):
        lanes.receive(HOUR)
        assert lanes.said == [BEGINS, HAS_ENDED]


def test_an_alert_that_leaves_early_does_not_use_up_the_message_of_the_end() -> None:
    lanes = MutedLanes([muted_routes(HOUR)])
    lanes.receive(HOUR, alarm(1, age=7 * DAY), alarm(2))
    lanes.clock.now += HOUR
    lanes.receive(HOUR, alarm(2))
    assert lanes.said == [("ops", "Mute until 2026-01-31 13:00 UTC: some alerts wait no longer"), BEGINS, HAS_ENDED]


def test_a_beginning_that_is_not_sent_is_told_at_the_next_receive() -> None:
    lanes = MutedLanes([muted_routes(HOUR)])
    lanes.queues.is_full = True
    lanes.receive(HOUR)
    lanes.queues.is_full = False
    lanes.receive(HOUR)
    assert lanes.said == [BEGINS]
