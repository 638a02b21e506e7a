"""Acts in which an alert is received twice: SNS sends it again, or the function is killed before its commit."""

from demo.processes import kill_client_of
from demo.stage import Stage

ANSWER_TAKES = 3.0
"""Seconds until Slack answers; during them the function is killed."""


def comes_twice(stage: Stage) -> None:
    """Deliver an alert twice, as SNS may: Slack shows it once."""
    alarm = stage.alarm("stock-low", "Little is left in stock.", "delivered")
    stage.trigger_and_wait(alarm)
    stage.deliver_again(alarm)
    stage.until(lambda: stage.outcomes(alarm) == ["moved", "moved", "delivered"])
    stage.check("intake sent it to its lane twice, and SQS accepted it once", holds=stage.answers(alarm) == [200])


def dies_after_its_post(stage: Stage) -> None:
    """Kill the function after its post, before the commit: SQS delivers the alert again in 10 s."""
    alarm = stage.alarm("orders-late", "Orders wait too long.", "delivered")
    stage.slack.script([{"slow": ANSWER_TAKES}], match=alarm.name)
    alarm.trigger()
    stage.until(lambda: stage.answers(alarm) == [200])
    stage.check(
        "Slack has the post; the process that waits for the answer is killed",
        holds=kill_client_of(stage.slack.url, started_by=stage.aws.endpoint),
    )
    stage.repeated.append(alarm)


def is_posted_once_more(stage: Stage) -> None:
    """Wait for the alert of the killed function: it is posted once more, marked as a possible duplicate."""
    (alarm,) = stage.repeated
    stage.until(lambda: len(stage.answers(alarm)) > 1 and stage.has_ended(alarm))
    marks = ["possible duplicate" in request.body for request in stage.watch.requests(alarm.name)]
    stage.check("two posts, and the second is marked: possible duplicate", holds=marks == [False, True])
