"""The real template, deployed on the local AWS: an alarm becomes a message, and no log or setting holds a secret."""

from demo.metric_alarm import MetricAlarm
from demo.slack.memory import Request
from tests.support.local_aws.pipeline import ALERTS, INTAKE, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for


def test_an_alarm_and_its_recovery_are_delivered(pipeline: LocalPipeline) -> None:
    alarm = MetricAlarm(pipeline.aws.client("cloudwatch"), unique())
    alarm.create(pipeline.stack.alerts_topic_arn, "Orders wait.", says_recovery=True)

    def posts(state: str) -> list[Request]:
        return [one for one in pipeline.posts(alarm.name) if f" {state} " in one.text]

    alarm.trigger()
    assert len(wait_for(lambda: posts("ALARM"))) == 1
    alarm.recover()
    assert len(wait_for(lambda: posts("OK"))) == 1


def test_a_bot_posts_to_its_channel_and_its_token_is_in_no_log(pipeline: LocalPipeline) -> None:
    name, slack = unique("bot"), pipeline.slack
    slack.script([{"body": "rate_limited", "status": 429, "retry_after": 1}, {"body": "invalid_blocks"}], match=name)
    assert pipeline.outcomes(pipeline.publish(name)) == ["delivered, receive 1"]
    requests = pipeline.requests(name)
    assert [(one.webhook, one.is_accepted) for one in requests] == [("#chat", False), ("#chat", False), ("#chat", True)]
    assert "plain text" in requests[-1].text
    assert slack.bot_token() not in pipeline.log() + pipeline.aws.log()


def test_the_webhook_is_in_no_output_no_variable_and_no_log(pipeline: LocalPipeline) -> None:
    secret = pipeline.slack.webhook_url("ops").rpartition("/")[2]
    assert pipeline.outcomes(pipeline.publish(unique()))
    deployed = pipeline.aws.client("cloudformation").describe_stacks(StackName=pipeline.stack.name)["Stacks"]
    assert secret not in str(deployed) + pipeline.aws.log()
    for function, has_secrets, outcome in ((ALERTS, True, "delivered"), (INTAKE, False, "moved")):
        configuration = pipeline.configuration(function)
        assert ("DESTINATIONS_PATH" in configuration["Environment"]["Variables"]) is has_secrets
        assert outcome in pipeline.log(function)
        assert secret not in str(configuration) + pipeline.log(function)
