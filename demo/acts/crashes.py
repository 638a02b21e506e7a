"""Acts in which an alert comes twice: SNS sends it again, or the function dies before it could note its post."""

from demo.processes import kill_client_of
from demo.stage import Stage

ANSWER_TAKES = 3.0
"""Seconds for which the function waits for Slack's answer: meanwhile it can be killed."""


def comes_twice(stage: Stage) -> None:
    """SNS delivers an alert twice, as it may: Slack shows it once."""
    alarm = stage.alarm("stock-low", "Little is left in stock.", "delivered")
    stage.ring_and_wait(alarm)
    stage.deliver_again(alarm)
    stage.until(lambda: stage.outcomes(alarm) == ["moved", "moved", "delivered"])
    stage.check("intake sent it to its lane twice, and the lane took it once", holds=stage.answers(alarm) == [200])


def dies_after_its_post(stage: Stage) -> None:
    """The function is killed after its post, before the commit: SQS delivers the alert again in 10 s."""
    alarm = stage.alarm("orders-late", "Orders wait too long.", "delivered")
    stage.slack.script([{"slow": ANSWER_TAKES}], match=alarm.name)
    alarm.ring()
    stage.until(lambda: stage.answers(alarm) == [200])
    stage.check("Slack has it; whoever waits for the answer is killed", holds=kill_client_of(stage.slack.url))
    stage.repeated.append(alarm)


def is_posted_once_more(stage: Stage) -> None:
    """The alert of the function that was killed comes again: it is posted once more, and says why."""
    (alarm,) = stage.repeated
    stage.until(lambda: len(stage.answers(alarm)) > 1 and stage.has_ended(alarm))
    marks = ["possible duplicate" in request.body for request in stage.watch.requests(alarm.name)]
    stage.check("two posts, and the second is marked: possible duplicate", holds=marks == [False, True])
