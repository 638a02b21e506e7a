"""Acts of an alert that becomes a dead letter and is delivered after its redrive."""

import json

from demo.stage import Stage

FAILURES = [{"status": 503, "retry_after": 3}] * 4
"""One answer per receive: a wait of 3 s exceeds the time of a lane in one batch."""
BY_SCHEDULE = {"queue": "dead_letters", "dry_run": False}
"""The event of RedriveSchedule, which runs every quarter of an hour."""


def dies(stage: Stage) -> None:
    """Fail one alert at every receive (503): it goes to the dead-letter queue of the lanes."""
    alarm = stage.alarm("backup-late", "The backup is late.", "delivered")
    stage.slack.script(FAILURES, match=alarm.name)
    stage.trigger_and_wait(alarm)
    stage.check("it is dead", holds=stage.watch.is_dead(alarm.name))
    stage.dead.append(alarm)


def comes_back(stage: Stage) -> None:
    """Let Slack answer, and invoke redrive as its schedule does: the dead letter goes to the end of its lane."""
    (alarm,) = stage.dead
    name = stage.stack.outputs["RedriveFunctionName"]
    event = json.dumps(BY_SCHEDULE).encode()
    stage.aws.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=event)
    stage.until(lambda: stage.has_ended(alarm) and not stage.watch.is_dead(alarm.name))
    delivered = stage.answers(alarm) == [503, 503, 503, 503, 200]
    stage.check("four refusals, one delivery, and no dead letter is left", holds=delivered)
