"""Acts of what the pipeline sends itself: they are counted, and nobody in the channel sees them."""

import time

from demo.stage import Stage
from holdfast_cli.function_log import FunctionLog
from notifications.self_tests import HEARTBEAT


def heartbeat(stage: Stage) -> None:
    """A heartbeat, by hand as its schedule sends it: counted, so that silence rings, and never posted."""
    log = FunctionLog(stage.aws.client("lambda"), stage.aws.client("logs"), stage.stack.function_name)
    before, since = len(stage.slack.messages()), time.time()
    sent = stage.aws.client("sns").publish(TopicArn=stage.stack.alerts_topic_arn, Message=HEARTBEAT)
    stage.until(
        lambda: [str(line) for line in log.about(sent["MessageId"], since)] == ["skipped: heartbeat, receive 1"]
    )
    stage.check("it came through both functions, and Slack was not asked", holds=len(stage.slack.messages()) == before)
