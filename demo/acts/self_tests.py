"""The act of a heartbeat, which is counted and never posted."""

import time

from demo.stage import Stage
from holdfast_cli.function_log import FunctionLog
from notifications.self_tests import HEARTBEAT


def heartbeat(stage: Stage) -> None:
    """Send a heartbeat as its schedule does: it is counted, and not posted."""
    log = FunctionLog(stage.aws.client("lambda"), stage.aws.client("logs"), stage.stack.slack_alerts_function_name)
    before, since = len(stage.slack.messages()), time.time()
    sent = stage.aws.client("sns").publish(TopicArn=stage.stack.alerts_topic_arn, Message=HEARTBEAT)
    stage.until(
        lambda: [str(line) for line in log.about(sent["MessageId"], since)] == ["skipped: heartbeat, receive 1"]
    )
    stage.check("it passed both functions, without a request to Slack", holds=len(stage.slack.messages()) == before)
