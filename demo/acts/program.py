"""The acts of the demonstration: an alarm that goes into ALARM and recovers, and the faults that an alert survives."""

from demo.acts.actions import call_by_rule
from demo.acts.crashes import comes_twice, dies_after_its_post, is_posted_once_more
from demo.acts.mutes import arrive_after_their_mute, wait_muted
from demo.acts.redrives import comes_back, dies
from demo.acts.refusals import (
    missing_channel,
    refused_as_blocks,
    refused_in_any_form,
    revoked,
    rotated,
)
from demo.acts.self_tests import heartbeat
from demo.acts.storms import storm
from demo.acts.threads import flaps, follows, is_deleted
from demo.stage import NotDone, Stage


def play_all(stage: Stage) -> None:
    """Play the acts one after the other: they share destinations, and their faults must not mix."""
    for act in ACTS:
        stage.timeline.act(str(act.__doc__))
        try:
            act(stage)
        except NotDone:
            stage.check("the act ends in time (the ledger shows the missing end)", holds=False)
            return


def triggers_and_recovers(stage: Stage) -> None:
    """Let an alarm go into ALARM and recover: both alerts are delivered."""
    alarm = stage.alarm("checkout-errors", "More than 60 % of checkouts fail.", "delivered", says_recovery=True)
    stage.trigger_and_wait(alarm)
    alarm.recover()
    stage.until(lambda: stage.has_ended(alarm, "OK"))


def throttled(stage: Stage) -> None:
    """Throttle an alert (429, Retry-After 3): it is posted again only after 3 s."""
    alarm = stage.alarm("queue-age", "The oldest order waits too long.", "delivered")
    stage.slack.script([{"status": 429, "retry_after": 3}], match=alarm.name)
    stage.trigger_and_wait(alarm)


def fails_twice(stage: Stage) -> None:
    """Fail two posts (500): the function retries after growing random delays."""
    alarm = stage.alarm("database-cpu", "The database is busy.", "delivered")
    stage.slack.script([{"status": 500}, {"status": 500}], match=alarm.name)
    stage.trigger_and_wait(alarm)


def outage(stage: Stage) -> None:
    """Take Slack down for longer than one invocation (503): the lane pauses, and SQS delivers the alert again."""
    alarm = stage.alarm("disk-full", "A disk is nearly full.", "delivered")
    stage.slack.outage()
    alarm.trigger()
    # A second receive shows that a whole invocation has failed.
    stage.until(lambda: stage.watch.receives(alarm.name) > 1)
    stage.slack.outage(0)
    stage.timeline.step("Slack is back")
    stage.until(lambda: stage.has_ended(alarm))


ACTS = (
    wait_muted,  # first: intake caches the routes that it reads with its first alert
    heartbeat,
    triggers_and_recovers,
    follows,
    flaps,
    is_deleted,
    call_by_rule,
    comes_twice,
    throttled,
    fails_twice,
    outage,
    refused_as_blocks,
    refused_in_any_form,
    missing_channel,
    dies_after_its_post,  # in the lane of a route, so that failing alerts of the default lane do not delay it
    dies,
    arrive_after_their_mute,
    rotated,
    comes_back,  # by the new webhook
    is_posted_once_more,
    storm,
    revoked,
)
