"""Acts in which an alert comes to the function twice: a copy of SNS's, or the function died before it noted its post."""

from local.metric_alarm import MetricAlarm
from local.processes import kill_client_of
from local.stage import Stage

ANSWER_TAKES = 3.0
"""Seconds in which the function waits for Slack's answer, and can be killed."""


def comes_twice(stage: Stage) -> None:
    """SNS delivers an alert twice, as it may: the second one is known, and nobody sees it twice."""
    alarm = stage.alarm("stock-low", "Little is left in stock.", "delivered")
    stage.ring_and_wait(alarm)
    stage.deliver_again(alarm)
    stage.until(lambda: stage.has_ended(alarm) and "duplicate" in stage.outcomes(alarm))
    is_once = stage.answers(alarm) == [200] and stage.outcomes(alarm) == ["delivered", "duplicate"]
    stage.check("two deliveries by SQS, one request to Slack: the function's log says duplicate", holds=is_once)


def dies_after_its_post(stage: Stage) -> None:
    """The function is killed after its post, before it can note it: SQS delivers the alert again in 30 s."""
    alarm = stage.alarm("orders-late", "Orders wait too long.", "delivered")
    stage.slack.script([{"slow": ANSWER_TAKES}], match=alarm.name)
    alarm.ring()
    stage.until(lambda: stage.answers(alarm) == [200])
    stage.check("Slack has it, and the process that waits for its answer is killed", holds=kill_client_of(stage.slack))
    stage.repeated.append(alarm)


def is_posted_once_more(stage: Stage) -> None:
    """The alert of the killed function comes again: it is posted once more, marked as a possible duplicate."""
    for alarm in stage.repeated:
        stage.until(lambda alarm=alarm: len(stage.answers(alarm)) > 1 and stage.has_ended(alarm))
        first, *others = stage.watch.requests(alarm.name)
