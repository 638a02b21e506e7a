"""Acts in which Slack refuses: the message or the destination."""

from demo.channels import TEAM
from demo.stage import Stage


def refused_as_blocks(stage: Stage) -> None:
    """Refuse the formatted message (400 invalid_blocks): the alert is posted as plain text."""
    alarm = stage.alarm("memory-low", "Too little memory is free.", "delivered")
    stage.slack.script([{"body": "invalid_blocks"}], match=alarm.name)
    stage.trigger_and_wait(alarm)
    posted = stage.watch.requests(alarm.name)[-1]
    is_plain = stage.answers(alarm) == [400, 200] and not posted.blocks and "plain text" in posted.text
    stage.check("two requests, and the second is plain text that says so", holds=is_plain)


def refused_in_any_form(stage: Stage) -> None:
    """Refuse the plain text too: no retry can help, so the alert is parked with its reason."""
    alarm = stage.alarm("cache-misses", "The cache misses too often.", "parked")
    stage.slack.script([{"body": "invalid_blocks"}, {"body": "invalid_payload"}], match=alarm.name)
    stage.trigger_and_wait(alarm)
    stage.check("two requests and no more", holds=stage.answers(alarm) == [400, 400])


def missing_channel(stage: Stage) -> None:
    """Refuse the default destination (404 channel_not_found): after one request the alert is parked."""
    alarm = stage.alarm("payments-down", "No payment for five minutes.", "parked")
    stage.slack.script([{"body": "channel_not_found"}], match=alarm.name, repeat=True)
    stage.trigger_and_wait(alarm)
    stage.check("one request", holds=stage.answers(alarm) == [404])


def rotated(stage: Stage) -> None:
    """Rotate the webhook (the old URL answers 404 no_service): the function reads the secret again and continues."""
    alarm = stage.alarm("login-failures", "Logins fail.", "delivered")
    stage.aws.store_destination(stage.stack, stage.slack.rotate(stage.stack.default_destination))
    stage.trigger_and_wait(alarm)
    stage.check("one request to the old URL, one to the new", holds=stage.answers(alarm) == [404, 200])


def revoked(stage: Stage) -> None:
    """Revoke the webhook of a route while three alerts wait: after one request all move to the default lane."""
    before = stage.alarm("orders-slow", "Orders take too long.", "delivered")
    stage.trigger_and_wait(before)
    by_route = [one.webhook for one in stage.watch.requests(before.name)] == [TEAM]
    stage.slack.revoke(TEAM)
    count = len(stage.slack.messages())
    alarms = [
        stage.alarm(f"orders-{suffix}", "Orders are stuck.", "delivered") for suffix in ("stuck", "unpaid", "returned")
    ]
    with stage.aws.paused(stage.stack):  # the three become one batch
        for alarm in alarms:
            alarm.trigger()
        stage.until(lambda: all(stage.watch.is_in_lane(alarm.name) for alarm in alarms))
    stage.until(lambda: all(map(stage.has_ended, alarms)))
    requests = [one.status for one in stage.slack.messages()[count:] if one.webhook == TEAM]
    stage.check("one alert by the route, then one request for the batch", holds=by_route and requests == [404])
    digests = {one.number: one.text for alarm in alarms for one in stage.watch.requests(alarm.name)[-1:]}
    notes = sum(text.count(f"meant for {TEAM}: refused") for text in digests.values())
    stage.check("each of the three names its intended destination", holds=notes == len(alarms))
