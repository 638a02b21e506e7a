"""What a parameter may be: nothing that widens a permission or misses its aim."""

import re

import pytest

from tests.support.stack.template import ACTIONS, EMAIL, KEY_ARN, OPS_TOPIC, OTHER_TOPICS, TOPIC, source


def test_each_parameter_says_what_it_is_and_what_it_takes() -> None:
    for name, one in source()["Parameters"].items():
        assert one["Description"], name
        assert one["ConstraintDescription"], name
        assert {"AllowedPattern", "AllowedValues"} & one.keys(), name


def test_each_default_is_allowed() -> None:
    for name, one in source()["Parameters"].items():
        default = one["Default"]
        if "AllowedValues" in one:
            assert default in one["AllowedValues"], name
        else:
            assert re.fullmatch(one["AllowedPattern"], default), name


def test_a_digest_begins_at_a_whole_number_of_alerts_that_a_batch_can_have() -> None:
    assert source()["Parameters"]["DigestFrom"]["AllowedValues"] == list(range(11))


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ExistingAlertsTopicArn", "arn:aws:sqs:eu-west-1:111122223333:queue"),
        ("ExistingAlertsTopicArn", f"{TOPIC}.fifo"),
        ("AllowedTopicArns", "*"),
        ("AllowedTopicArns", "arn:aws:sns:eu-west-1:111122223333:*"),
        ("AllowedTopicArns", f"{TOPIC}{TOPIC}"),
        ("AllowedTopicArns", f"{TOPIC}.fifo"),
        ("DestinationsPath", "holdfast"),
        ("DestinationsPath", "/holdfast/"),
        ("DestinationsPath", "/"),
        ("DestinationsPath", "/*"),
        ("DefaultDestination", ""),
        ("DefaultDestination", "../other"),
        ("RoutesParameter", "routes"),
        ("RoutesParameter", "/holdfast/*"),
        ("RoutesParameter", ""),
        ("AllowedHosts", ""),
        ("AllowedHosts", "*"),
        ("AllowedHosts", "*.slack.com"),
        ("AllowedHosts", "https://hooks.slack.com"),
        ("AllowedHosts", "hooks.slack.com:443"),
        ("AllowedHosts", "hooks.slack.com, slack.com"),
        ("AllowedHosts", "hooks.slack.com,"),
        ("AllowedHosts", "Hooks.Slack.com"),
        ("SlackApiUrl", ""),
        ("SlackApiUrl", "slack.com/api"),
        ("SlackApiUrl", "ftp://slack.com/api"),
        ("SlackApiUrl", "https://slack.com/api/"),
        ("SlackApiUrl", "https://user@slack.com/api"),
        ("SlackApiUrl", "https://slack.com/api?x=1"),
        ("SecretKeyArn", "*"),
        ("SecretKeyArn", "arn:aws:kms:eu-west-1:111122223333:key/*"),
        ("SecretKeyArn", "arn:aws:kms:eu-west-1:111122223333:alias/slack"),
        ("AllowedActions", "*"),
        ("AllowedActions", "ecs:*"),
        ("AllowedActions", "ecs:Update*"),
        ("AllowedActions", "ecs:UpdateService,*:x"),
        ("AllowedActions", "ecs:UpdateService,"),
        ("AllowedActions", "ecs:UpdateService, ssm:x"),
        ("AllowedActions", "iam:PassRole"),
        ("AllowedActions", "ecs:UpdateService,IAM:passrole"),
        ("AllowedActions", "iam:passROLE,ecs:UpdateService"),
        ("AllowedActions", "sts:AssumeRole"),
        ("AllowedActions", "ecs:UpdateService,sts:AssumeRoleWithWebIdentity"),
        ("AllowedActions", "sts:assumeroot,ecs:UpdateService"),
        ("ActionResourceArns", "*"),
        ("ActionResourceArns", "arn:aws:*:*:*:*"),
        ("ActionResourceArns", "arn:aws:ecs:*:111122223333:service/x"),
        ("ActionResourceArns", "arn:aws:ecs:eu-west-1:*:service/x"),
        ("ActionResourceArns", "arn:aws:ecs:eu-west-1:111122223333:service/x,*"),
        ("ActionResourceArns", "arn:aws:ecs:eu-west-1:111122223333:service/x,"),
        ("ActionRulesParameter", ""),
        ("ActionRulesParameter", "/holdfast/*"),
        ("OpsEmail", "ops"),
        ("OpsTopicArn", "ops"),
    ],
)
def test_what_would_widen_a_permission_or_miss_its_aim_is_refused(parameter: str, value: str) -> None:
    assert not re.fullmatch(source()["Parameters"][parameter]["AllowedPattern"], value)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ExistingAlertsTopicArn", TOPIC),
        ("ExistingAlertsTopicArn", "arn:aws-us-gov:sns:us-gov-west-1:111122223333:alarms_1"),
        ("AllowedTopicArns", TOPIC),
        ("AllowedTopicArns", OTHER_TOPICS[1]),  # of a list each part
        ("DestinationsPath", "/a/b_c/d-e.f"),
        ("DefaultDestination", "team-2"),
        ("RoutesParameter", "/holdfast/routes"),
        ("AllowedHosts", "hooks.slack.com"),
        ("AllowedHosts", "hooks.slack.com,slack,proxy-1.example.com"),
        ("SlackApiUrl", "https://slack-gov.com/api"),
        ("SlackApiUrl", "http://slack:8080"),
        ("SecretKeyArn", KEY_ARN),
        ("SecretKeyArn", "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"),
        ("AllowedActions", ACTIONS["AllowedActions"]),
        ("AllowedActions", "iam:PassRoleX"),
        ("AllowedActions", "sts:GetCallerIdentity"),
        ("ActionResourceArns", ACTIONS["ActionResourceArns"]),
        ("ActionResourceArns", "arn:aws:s3:::bucket/*"),
        ("ActionRulesParameter", "/team/rules"),
        ("OpsEmail", EMAIL),
        ("OpsTopicArn", OPS_TOPIC),
    ],
)
def test_what_one_would_give_is_accepted(parameter: str, value: str) -> None:
    assert re.fullmatch(source()["Parameters"][parameter]["AllowedPattern"], value)
