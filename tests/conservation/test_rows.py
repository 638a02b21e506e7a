"""Rows of the fault catalogue that only a queue, a mapping and hours can show."""

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from notifications.self_tests import HEARTBEAT
from slack_alerts.models import DOUBT
from tests.conservation.playing import play, posts
from tests.support.samples.events import alarm_message
from tests.support.virtual.alert_messages import DEFAULT, DIES_EARLY, DIES_LATE, TEAM, sns_envelope, webhook
from tests.support.virtual.faults import DENIED, unreachable
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import UNAVAILABLE, Behaviour, throttled
from tests.support.virtual.table import table_down
from tests.support.virtual.timing import intake_settings, lane_settings
from tests.support.virtual.world import World

HOUR = 3600.0
IN_VAIN = intake_settings().visibility * (intake_settings().max_receives - 1)
"""Seconds for which an alert stays in AlertsQueue if every receive fails."""


def test_c5_an_alert_that_kills_intake_is_delivered_as_text_and_takes_nobody_along(world: World) -> None:
    stack = SlackAlerts(world)
    stack.publish(0, words=DIES_EARLY)
    for number in range(1, 10):
        stack.publish(number)
    assert posts(play(stack)) == {1: 10}


def test_c5_an_alert_that_kills_the_function_when_it_is_posted_takes_nobody_of_its_lane_along(world: World) -> None:
    stack = SlackAlerts(world)
    killer = stack.publish(0, words=DIES_LATE)
    for number in range(1, 40):
        stack.publish(number, at=5.0 * number)
    statuses = play(stack, until=2 * HOUR)
    assert statuses.pop(killer).posts == []
    assert posts(statuses) == {1: 39}
    last = max(status.posts[0].at - status.published for status in statuses.values())
    assert last < 2 * stack.lane_settings.visibility


def test_c5_an_alert_that_kills_the_function_moves_to_the_end_of_its_lane_and_is_parked_in_the_end(
    world: World,
) -> None:
    stack = SlackAlerts(world)
    killer = stack.publish(0, words=DIES_LATE)
    for number in range(1, 400):
        stack.publish(number, at=60.0 * number)
    statuses = play(stack, until=400 * 60.0)
    assert (statuses.pop(killer).parked, posts(statuses)) == (1, {1: 399})


def test_c7_half_an_hour_without_invocations_to_be_had_costs_no_alert(world: World) -> None:
    stack = SlackAlerts(world)
    for mapping in stack.mappings:
        mapping.throttle(0.0, IN_VAIN)
    for number in range(20):
        stack.publish(number)
    assert posts(play(stack)) == {1: 20}
    assert all(post.at > IN_VAIN for post in stack.slack.posts)


def test_c7_hours_without_invocations_to_be_had_cost_a_redrive(world: World) -> None:
    stack = SlackAlerts(world)
    for mapping in stack.mappings:
        mapping.throttle(0.0, 3 * HOUR)
    for number in range(20):
        stack.publish(number)
    RedriveFunction(stack).schedule(900.0, 4 * HOUR)
    assert posts(play(stack)) == {1: 20}


@pytest.mark.parametrize("stage", [0, 1])
def test_c10_what_nobody_takes_waits_for_days_costs_no_receive_and_is_delivered(world: World, stage: int) -> None:
    stack = SlackAlerts(world)
    mapping = stack.stages[stage].mapping
    mapping.disable()
    token = stack.publish(1)
    assert play(stack, until=5 * 24 * HOUR)[token].queued == 1  # visible all the time: that is what the alarm counts
    [message] = mapping.queue.messages()
    assert message.receives == 0
    mapping.enable()
    assert posts(play(stack)) == {1: 1}


def test_d1_two_sqs_copies_of_one_message_are_posted_once(world: World) -> None:
    stack = SlackAlerts(world)
    for at in (0.0, 0.0, 0.05, 30.0, 5 * HOUR):
        stack.publish(1, at=at)
    assert posts(play(stack)) == {1: 1}


def test_d1_one_change_of_an_alarm_that_comes_by_two_roads_is_posted_once(world: World) -> None:
    stack = SlackAlerts(world)
    alarm = alarm_message(NewStateReason="alert-1")
    for road in ("sns-a", "sns-b"):
        stack.put(1, sns_envelope(alarm, road))
    world.run()
    assert len(stack.slack.posts) == 1
    assert stack.alerts.messages() == []


def test_d1_the_same_words_twice_are_two_alerts(world: World) -> None:
    stack = SlackAlerts(world, digest_from=0)
    for body in ("alert-1", "alert-1", sns_envelope("alert-1", "sns-a"), sns_envelope("alert-1", "sns-b")):
        stack.put(1, body)
    world.run()
    assert len(stack.slack.posts) == 4


def test_d2_what_sqs_hands_out_twice_is_posted_once(world: World) -> None:
    stack = SlackAlerts(world)
    stack.alerts.duplicated |= {1, 2, 4}
    for number in range(3):
        stack.publish(number)
    assert posts(play(stack)) == {1: 3}
    assert sum(len(one.event["Records"]) for one in stack.intake.function.invocations) >= 6


def test_d3_a_redriven_copy_is_posted_if_it_was_not_and_acknowledged_if_it_was(world: World) -> None:
    stack = SlackAlerts(world)
    stack.slack.revoked.add(webhook(DEFAULT))
    parked = stack.publish(1)
    play(stack)
    stack.clear_faults()
    stack.publish(1, at=world.now)
    delivered = stack.publish(2, at=world.now)
    stack.redrive(stack.parking)
    statuses = play(stack)
    assert (len(statuses[parked].posts), len(statuses[delivered].posts)) == (1, 1)
    assert DOUBT not in statuses[parked].posts[0].text
    assert stack.alerts.messages() == stack.lanes.messages() == stack.parking.messages() == []


def test_e3_without_a_dead_letter_queue_the_message_stays_and_is_tried_again(world: World) -> None:
    stack = SlackAlerts(world, lane_settings=replace(lane_settings(), max_receives=20))
    stack.slack.down(0.0, 10 * HOUR, UNAVAILABLE)
    stack.lanes_dead.is_deleted = True
    token = stack.publish(1)
    assert play(stack, until=9 * HOUR)[token].queued == 1
    assert posts(play(stack)) == {1: 1}
    assert len(stack.sender.function.invocations) > 20


def test_e7_a_lane_that_shows_up_again_while_it_is_posted_waits_for_the_claim(world: World) -> None:
    stack = SlackAlerts(world, lane_settings=replace(lane_settings(), visibility=5.0))
    stack.slack.script(Behaviour(posts=True, seconds=7.0))
    stack.publish(1)
    assert posts(play(stack)) == {1: 1}
    first, second, *_ = stack.sender.function.invocations
    assert first.started < second.started < first.ended


def test_e12_an_answer_that_nobody_read_costs_an_invocation_and_no_second_post(world: World) -> None:
    stack = SlackAlerts(world)
    for mapping in stack.mappings:
        mapping.lost |= {1, 2}
    for number in range(15):
        stack.publish(number)
    assert posts(play(stack)) == {1: 15}
    assert stack.intake.mapping.batches >= 4


def test_a_table_that_is_down_delays_no_alert_and_an_environment_knows_what_it_has_posted(world: World) -> None:
    stack = SlackAlerts(world)
    stack.table.faults.down(0.0, HOUR, table_down())
    stack.intake.mapping.lost |= {1}
    for number in range(5):
        stack.publish(number)
    assert posts(play(stack)) == {1: 5}
    assert max(post.at for post in stack.slack.posts) < 10.0


def test_f13_when_all_of_aws_fails_alerts_wait_in_their_queue(world: World) -> None:
    stack = SlackAlerts(world)
    for mapping in stack.mappings:
        mapping.disable()
        world.at(2 * HOUR, mapping.enable)
    for number in range(20):
        stack.publish(number)
    assert posts(play(stack, until=2 * HOUR - 1)) == {0: 20}
    assert posts(play(stack)) == {1: 20}


def test_f13_when_the_function_runs_and_every_service_fails_alerts_wait_in_their_queue(world: World) -> None:
    stack = SlackAlerts(world)
    for service in (stack.store.service, stack.topic.service, stack.sqs.service):
        service.faults.down(0.0, IN_VAIN - 400, DENIED)
        service.faults.down(0.0, IN_VAIN - 400, unreachable())
    stack.table.faults.down(0.0, IN_VAIN - 400, table_down())
    for number in range(20):
        stack.publish(number)
    statuses = play(stack)
    assert posts(statuses) == {1: 20}


def test_g1_a_storm_is_delivered_in_digests_by_one_poster_at_the_pace_of_slack(world: World) -> None:
    stack = SlackAlerts(world)
    for number in range(500):
        stack.publish(number)
    assert posts(play(stack)) == {1: 500}
    assert len(stack.slack.requests) <= 55
    assert all(request.behaviour.posts for request in stack.slack.requests)
    assert max(post.at for post in stack.slack.posts) < 75.0


def test_g4_after_an_outage_slack_is_tried_by_one_and_then_at_its_own_pace(world: World) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, 2 * HOUR, UNAVAILABLE)
    for number in range(200):
        stack.publish(number)
    assert posts(play(stack)) == {1: 200}
    minutes = Counter(int(request.at // 60) for request in stack.slack.requests)
    assert max(minutes.values()) <= 60
    assert max(minutes[minute] for minute in range(20, 120)) <= 8  # two alerts of one batch, four attempts each


@pytest.mark.parametrize("asks", [1.0, 5.0, 30.0, 600.0])
def test_g5_a_destination_that_asks_for_patience_delays_nobody_else(world: World, asks: float) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, HOUR, throttled(asks), webhook(TEAM))
    for number in range(300):
        stack.publish(number, TEAM if number % 6 else DEFAULT, at=number / 10)
    statuses = play(stack)
    assert posts(statuses) == {1: 300}
    waited = [status.posts[0].at - status.published for token, status in statuses.items() if int(token[6:]) % 6 == 0]
    assert max(waited) < 10.0
    noisy = [one for one in stack.slack.requests if one.destination == webhook(TEAM) and one.at < HOUR]
    assert len(noisy) <= HOUR / asks + 10


def test_g5_a_storm_delays_no_other_channel_and_no_heartbeat(world: World) -> None:
    stack = SlackAlerts(world)
    for number in range(2_000):
        stack.publish(number)
    for number in range(2_000, 2_030):
        stack.publish(number, TEAM, at=5.0 * (number - 2_000) + 1.0)
    world.at(60.0, lambda: stack.alerts.send(sns_envelope(HEARTBEAT, "heartbeat")))
    world.run(61.0)
    assert not [one for one in stack.lanes.messages() if "heartbeat" in one.body]
    assert not [one for one in stack.alerts.messages() if "heartbeat" in one.body]
    world.run()
    statuses = stack.ledger.statuses()
    others = [statuses[f"alert-{number}"] for number in range(2_000, 2_030)]
    assert max(status.posts[0].at - status.published for status in others) < 10.0


def test_g8_three_hours_without_slack_cost_minutes_of_lambda(world: World) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, 3 * HOUR, UNAVAILABLE)
    for number in range(200):
        stack.publish(number)
    assert posts(play(stack)) == {1: 200}
    assert stack.sender.function.billed < 1200
    assert len(stack.sender.function.invocations) < 200 * 20


def test_g9_the_posts_of_a_lane_begin_a_second_apart(world: World) -> None:
    stack = SlackAlerts(world, digest_from=0)
    for number in range(30):
        stack.publish(number)
    assert posts(play(stack)) == {1: 30}
    at = [request.at for request in stack.slack.requests]
    assert min(later - earlier for earlier, later in pairwise(at)) > 0.999


def test_g3_a_lane_keeps_its_order(world: World) -> None:
    stack = SlackAlerts(world, digest_from=0)
    stack.slack.script(*[UNAVAILABLE] * 10)
    for number in range(25):
        stack.publish(number, at=0.2 * number)
    assert posts(play(stack)) == {1: 25}
    sent = [TOKEN.findall(post.text)[0] for post in stack.slack.posts]
    assert sent == [f"alert-{number}" for number in range(25)]


def test_what_is_twelve_days_old_is_parked_and_said_to_be_expired(world: World) -> None:
    stack = SlackAlerts(world)
    stack.sender.mapping.disable()
    token = stack.publish(1)
    world.at(12 * 24 * HOUR + 60.0, stack.sender.mapping.enable)
    world.run()
    [parked] = stack.parking.messages()
    assert token in parked.body
    assert json.loads(parked.attributes["holdfast"]["StringValue"])["reason"] == "expired"
    assert stack.slack.requests == []


@pytest.mark.parametrize("seconds", [-2 * HOUR, -60.0, 60.0, 2 * HOUR])
def test_g6_a_clock_that_jumps_loses_nothing(world: World, seconds: float) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, 600.0, UNAVAILABLE)
    for number in range(10):
        stack.publish(number)
    for at in (0.5, 300.0, 620.0):
        world.at(at, lambda: stack.set_clock(seconds))
    assert set(posts(play(stack))) <= {1, 2}
