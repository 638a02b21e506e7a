"""Acts of an alert that dies, and is delivered all the same: redrive brings it back once Slack answers again."""

import json

from demo.stage import Stage

FAILURES = [{"status": 503, "retry_after": 3}] * 4
"""One for each receive: a wait of 3 s does not fit into a lane's time in one batch."""
BY_SCHEDULE = {"queue": "dead_letters", "dry_run": False}
"""What RedriveSchedule says every quarter of an hour."""


def dies(stage: Stage) -> None:
    """Slack fails for one alert on every receive (503): the dead-letter queue of the lanes keeps it."""
    alarm = stage.alarm("backup-late", "The backup is late.", "delivered")
    stage.slack.script(FAILURES, match=alarm.name)
    stage.ring_and_wait(alarm)
    stage.check("it is dead", holds=stage.watch.is_dead(alarm.name))
    stage.redriven.append(alarm)


def comes_back(stage: Stage) -> None:
    """Slack answers again, and redrive is called as its schedule does: the dead letter goes to the end of its lane."""
    (alarm,) = stage.redriven
    name = stage.stack.outputs["RedriveFunctionName"]
    event = json.dumps(BY_SCHEDULE).encode()
    stage.aws.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=event)
    stage.until(lambda: stage.has_ended(alarm) and not stage.watch.is_dead(alarm.name))
    delivered = stage.answers(alarm) == [503, 503, 503, 503, 200]
    stage.check("four refusals, one delivery, and no dead letter is left", holds=delivered)
