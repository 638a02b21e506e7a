"""Rows of the fault catalogue that need queues, event source mappings and hours."""

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from notifications.self_tests import HEARTBEAT
from slack_alerts.delivery.probing import LONGEST_PAUSE
from slack_alerts.models import DOUBT
from tests.conservation.runs import delays, posts, publish, run
from tests.support.samples.events import alarm_message
from tests.support.samples.twins import Twins, alarm_twins, contributor_twins
from tests.support.virtual.alert_messages import DEFAULT, DIES_EARLY, DIES_LATE, TEAM, sns_envelope, webhook
from tests.support.virtual.faults import DENIED, unreachable
from tests.support.virtual.ledger import token_in
from tests.support.virtual.operations import Moment
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import UNAVAILABLE, Behaviour, broken, throttled, unanswered
from tests.support.virtual.table import table_down
from tests.support.virtual.timing import intake_settings, lane_settings
from tests.support.virtual.world import World

HOUR = 3600.0
TURN = LONGEST_PAUSE
NEVER_ANSWERED = "never-answered"
"""A word of alerts that Slack never answers."""
LONGEST_STAY = intake_settings().visibility * (intake_settings().max_receives - 1)
"""Seconds for which an alert stays in AlertsQueue if every receive fails."""


def test_c5_an_alert_that_kills_intake_is_delivered_as_text_and_delays_no_other(stack: SlackAlerts) -> None:
    stack.publish(0, words=DIES_EARLY)
    publish(stack, 10, first=1)
    assert posts(run(stack)) == {1: 10}


def test_c5_an_alert_that_kills_slack_alerts_delays_no_other_moves_to_the_end_of_its_lane_and_is_parked(
    stack: SlackAlerts,
) -> None:
    killer = stack.publish(0, words=DIES_LATE)
    publish(stack, 400, first=1, every=60.0)
    statuses = run(stack, until=400 * 60.0)
    assert (statuses.pop(killer).parked, posts(statuses)) == (1, {1: 399})
    assert max(delays(statuses)) < 2 * stack.lane_settings.visibility


@pytest.mark.parametrize("seconds", [LONGEST_STAY, 3 * HOUR], ids=["no dead letter", "a redrive is needed"])
def test_c7_throttling_for_hours_costs_no_alert(stack: SlackAlerts, seconds: float) -> None:
    for mapping in stack.mappings:
        mapping.throttle(0.0, seconds)
    publish(stack, 20)
    if seconds > LONGEST_STAY:
        RedriveFunction(stack).schedule(900.0, 4 * HOUR)
    assert posts(run(stack)) == {1: 20}
    assert all(post.at > seconds for post in stack.slack.posts)


@pytest.mark.parametrize("stage", [0, 1])
def test_c10_without_a_consumer_an_alert_waits_for_days_and_costs_no_receive(stack: SlackAlerts, stage: int) -> None:
    mapping = stack.stages[stage].mapping
    mapping.disable()
    token = stack.publish(1)
    assert run(stack, until=5 * 24 * HOUR)[token].queued == 1  # visible all the time, so that the alarm counts it
    [message] = mapping.queue.messages()
    assert message.receives == 0
    mapping.enable()
    assert posts(run(stack)) == {1: 1}


def test_d1_two_sqs_copies_of_one_message_are_posted_once(stack: SlackAlerts) -> None:
    for at in (0.0, 0.0, 0.05, 30.0, 5 * HOUR):
        stack.publish(1, at=at)
    assert posts(run(stack)) == {1: 1}


def test_d1_a_change_of_an_alarm_in_two_sns_messages_is_posted_once(stack: SlackAlerts) -> None:
    alarm = alarm_message(NewStateReason="alert-1")
    for message_id in ("sns-a", "sns-b"):
        stack.put(1, sns_envelope(alarm, message_id))
    stack.world.run()
    assert len(stack.slack.posts) == 1
    assert stack.alerts.messages() == []


@pytest.mark.parametrize("twins", [alarm_twins("alert-1"), contributor_twins("alert-1", "orders")])
@pytest.mark.parametrize("gap", [0.0, HOUR])  # SQS drops a copy within five minutes, after that its claim is found
def test_d1_twins_of_an_alarm_are_posted_once_whatever_carried_them(
    stack: SlackAlerts, twins: Twins, gap: float
) -> None:
    stack.digest_from = 0
    bodies = (json.dumps(twins.action), sns_envelope(twins.message, "sns-a"), sns_envelope(twins.event, "sns-b"))
    for number, body in enumerate(bodies):
        stack.put(1, body, at=number * gap)
    stack.world.run()
    assert len(stack.slack.posts) == 1
    assert stack.alerts.messages() == []


def test_d1_two_contributors_to_an_alarm_are_two_alerts(stack: SlackAlerts) -> None:
    stack.digest_from = 0
    for contributor in ("orders", "invoices"):
        stack.put(1, json.dumps(contributor_twins("alert-1", contributor).action))
        stack.put(1, sns_envelope(contributor_twins("alert-1", contributor).message, contributor))
    stack.world.run()
    assert len(stack.slack.posts) == 2


def test_d1_the_same_text_twice_is_two_alerts(stack: SlackAlerts) -> None:
    stack.digest_from = 0
    for body in ("alert-1", "alert-1", sns_envelope("alert-1", "sns-a"), sns_envelope("alert-1", "sns-b")):
        stack.put(1, body)
    stack.world.run()
    assert len(stack.slack.posts) == 4


def test_d2_a_message_that_sqs_delivers_twice_is_posted_once(stack: SlackAlerts) -> None:
    stack.alerts.duplicated |= {1, 2, 4}
    publish(stack, 3)
    assert posts(run(stack)) == {1: 3}
    assert sum(len(one.event["Records"]) for one in stack.intake.function.invocations) >= 6


def test_d3_a_redriven_copy_is_posted_if_it_was_not_and_acknowledged_if_it_was(stack: SlackAlerts) -> None:
    stack.slack.revoked.add(webhook(DEFAULT))
    parked = stack.publish(1)
    run(stack)
    stack.clear_faults()
    stack.publish(1, at=stack.world.now)
    delivered = stack.publish(2, at=stack.world.now)
    stack.redrive(stack.parking)
    statuses = run(stack)
    assert (len(statuses[parked].posts), len(statuses[delivered].posts)) == (1, 1)
    assert DOUBT not in statuses[parked].posts[0].text
    assert stack.alerts.messages() == stack.lanes.messages() == stack.parking.messages() == []


def test_e3_without_a_dead_letter_queue_the_message_stays_and_is_tried_again(world: World) -> None:
    stack = SlackAlerts(world, lane_settings=replace(lane_settings(), max_receives=20))
    stack.slack.down(0.0, 10 * HOUR, UNAVAILABLE)
    stack.lanes_dead.is_deleted = True
    token = stack.publish(1)
    assert run(stack, until=9 * HOUR)[token].queued == 1
    assert posts(run(stack)) == {1: 1}
    assert len(stack.sender.function.invocations) > 20


def test_e7_a_lane_that_is_visible_again_during_a_post_waits_for_the_claim(world: World) -> None:
    stack = SlackAlerts(world, lane_settings=replace(lane_settings(), visibility=5.0))
    stack.slack.script(Behaviour(posts=True, seconds=7.0))
    stack.publish(1)
    assert posts(run(stack)) == {1: 1}
    first, second, *_ = stack.sender.function.invocations
    assert first.started < second.started < first.ended


def test_e12_a_lost_response_costs_an_invocation_and_no_second_post(stack: SlackAlerts) -> None:
    for mapping in stack.mappings:
        mapping.lost |= {1, 2}
    publish(stack, 15)
    assert posts(run(stack)) == {1: 15}
    assert stack.intake.mapping.batches >= 4


def test_without_the_table_no_alert_is_delayed_and_an_environment_remembers_its_posts(stack: SlackAlerts) -> None:
    stack.table.faults.down(0.0, HOUR, table_down())
    stack.intake.mapping.lost |= {1}
    publish(stack, 5)
    assert posts(run(stack)) == {1: 5}
    assert max(post.at for post in stack.slack.posts) < 10.0


def test_f13_when_the_function_runs_and_every_service_fails_alerts_wait_in_their_queue(stack: SlackAlerts) -> None:
    for service in (stack.store.service, stack.topic.service, stack.sqs.service):
        service.faults.down(0.0, LONGEST_STAY - 400, DENIED)
        service.faults.down(0.0, LONGEST_STAY - 400, unreachable())
    stack.table.faults.down(0.0, LONGEST_STAY - 400, table_down())
    publish(stack, 20)
    assert posts(run(stack)) == {1: 20}


def test_g1_a_storm_is_delivered_in_digests_at_the_pace_of_slack(stack: SlackAlerts) -> None:
    publish(stack, 500)
    assert posts(run(stack)) == {1: 500}
    assert len(stack.slack.requests) <= 55
    assert all(request.behaviour.posts for request in stack.slack.requests)
    assert max(post.at for post in stack.slack.posts) < 75.0


def test_g4_g8_an_outage_is_probed_by_one_batch_costs_minutes_of_lambda_and_ends_in_paced_posts(
    stack: SlackAlerts,
) -> None:
    stack.slack.down(0.0, 3 * HOUR, UNAVAILABLE)
    publish(stack, 200)
    assert posts(run(stack)) == {1: 200}
    minutes = Counter(int(request.at // 60) for request in stack.slack.requests)
    assert max(minutes.values()) <= 60
    assert max(minutes[minute] for minute in range(20, 180)) <= 2  # two alerts of one batch, one attempt each
    assert stack.sender.function.billed < 1200
    assert len(stack.sender.function.invocations) < 200 * 20


@pytest.mark.parametrize("retry_after", [1.0, 5.0, 30.0, 600.0])
def test_g5_a_throttled_destination_delays_no_other(stack: SlackAlerts, retry_after: float) -> None:
    stack.slack.down(0.0, HOUR, throttled(retry_after), webhook(TEAM))
    for number in range(300):
        stack.publish(number, TEAM if number % 6 else DEFAULT, at=number / 10)
    statuses = run(stack)
    assert posts(statuses) == {1: 300}
    others = {token: status for token, status in statuses.items() if int(token[6:]) % 6 == 0}
    assert max(delays(others)) < 10.0
    throttled_requests = [one for one in stack.slack.requests if one.destination == webhook(TEAM) and one.at < HOUR]
    assert len(throttled_requests) <= HOUR / retry_after + 10


@pytest.mark.parametrize("answer", [unanswered(posts=False), broken(posts=True)])
@pytest.mark.parametrize(
    ("never", "hours"), [((0,), 24), ((0,), 29), ((0, 1), 29)], ids=["24 h", "29 h", "two of them"]
)
def test_g4_each_alert_that_is_never_answered_delays_the_others_by_three_turns_at_most(
    stack: SlackAlerts, answer: Behaviour, never: tuple[int, ...], hours: int
) -> None:
    end = hours * HOUR
    stack.slack.refuse = lambda message: answer if NEVER_ANSWERED in message.text else None
    stack.slack.down(0.0, end, answer)
    for number in range(8):
        stack.publish(number, at=float(number), words=NEVER_ANSWERED if number in never else "")
    statuses = run(stack, until=end + 3 * len(never) * TURN)
    others = [status for token, status in statuses.items() if token not in {f"alert-{number}" for number in never}]
    assert [status.parked for status in others] == [0] * len(others)
    assert max(len(status.posts) for status in others) <= 13
    assert all(status.posts and status.posts[-1].at > end for status in others)


def test_g4_a_young_alert_that_is_never_answered_does_not_get_all_posts(stack: SlackAlerts) -> None:
    stack.slack.refuse = lambda message: unanswered(posts=False) if NEVER_ANSWERED in message.text else None
    stack.slack.down(0.0, 24 * HOUR, unanswered(posts=False))
    stack.publish(0)
    stack.publish(1, at=23 * HOUR, words=NEVER_ANSWERED)
    assert run(stack, until=24 * HOUR + 3 * TURN)["alert-0"].posts


@pytest.mark.parametrize("nth", [1, 2])
def test_g4_after_a_crash_an_alert_takes_its_turn_beside_one_that_is_never_answered(
    stack: SlackAlerts, nth: int
) -> None:
    stack.slack.refuse = lambda message: unanswered(posts=False) if NEVER_ANSWERED in message.text else None
    stack.slack.down(0.0, 3 * HOUR, unanswered(posts=False))
    stack.publish(0)
    stack.publish(1, words=NEVER_ANSWERED)
    stack.world.run(3 * HOUR)
    operations = stack.world.operations
    operations.crash(operations.counts["slack.post"] + nth, Moment.BEFORE, "slack.post")
    statuses = run(stack, until=3 * HOUR + 4 * TURN)
    assert statuses["alert-0"].posts


def test_g5_a_storm_delays_no_other_channel_and_no_heartbeat(stack: SlackAlerts) -> None:
    publish(stack, 2_000)
    for number in range(2_000, 2_030):
        stack.publish(number, TEAM, at=5.0 * (number - 2_000) + 1.0)
    stack.world.at(60.0, lambda: stack.alerts.send(sns_envelope(HEARTBEAT, "heartbeat")))
    stack.world.run(61.0)
    assert not [one for one in stack.lanes.messages() if "heartbeat" in one.body]
    assert not [one for one in stack.alerts.messages() if "heartbeat" in one.body]
    stack.world.run()
    statuses = stack.ledger.statuses()
    assert max(delays({f"alert-{number}": statuses[f"alert-{number}"] for number in range(2_000, 2_030)})) < 10.0


def test_g9_the_posts_of_a_lane_begin_a_second_apart(stack: SlackAlerts) -> None:
    stack.digest_from = 0
    publish(stack, 30)
    assert posts(run(stack)) == {1: 30}
    at = [request.at for request in stack.slack.requests]
    assert min(later - earlier for earlier, later in pairwise(at)) > 0.999


def test_g3_a_lane_keeps_its_order(stack: SlackAlerts) -> None:
    stack.digest_from = 0
    stack.slack.script(*[UNAVAILABLE] * 10)
    publish(stack, 25, every=0.2)
    assert posts(run(stack)) == {1: 25}
    sent = [token_in(post.text) for post in stack.slack.posts]
    assert sent == [f"alert-{number}" for number in range(25)]


def test_an_alert_of_twelve_days_is_parked_as_expired(stack: SlackAlerts) -> None:
    stack.sender.mapping.disable()
    token = stack.publish(1)
    stack.world.at(12 * 24 * HOUR + 60.0, stack.sender.mapping.enable)
    stack.world.run()
    [parked] = stack.parking.messages()
    assert token in parked.body
    assert json.loads(parked.attributes["holdfast"]["StringValue"])["reason"] == "expired"
    assert stack.slack.requests == []


@pytest.mark.parametrize("seconds", [-2 * HOUR, -60.0, 60.0, 2 * HOUR])
def test_g6_a_clock_jump_loses_nothing(stack: SlackAlerts, seconds: float) -> None:
    stack.slack.down(0.0, 600.0, UNAVAILABLE)
    publish(stack, 10)
    for at in (0.5, 300.0, 620.0):
        stack.world.at(at, lambda: stack.set_clock(seconds))
    assert set(posts(run(stack))) <= {1, 2}
