import pytest

from holdfast_cli.failures import CommandFailed
from holdfast_cli.secret_post import post_greeting
from slack_alerts.models import BotToken, Webhook
from tests.support.fault_server.behaviours import ask
from tests.support.slack.loopback import LoopbackSlack

CANARY = "c4n4ry"


def test_the_channel_sees_which_destination_it_is() -> None:
    with LoopbackSlack() as slack:
        post_greeting(Webhook(slack.webhook(CANARY)), "ops", "stack holdfast", "")
    assert slack.texts() == [
        ":white_check_mark: Holdfast can post here. This channel is the destination ops of stack holdfast."
    ]


@pytest.mark.parametrize(
    ("answer", "problem", "advice"),
    [
        ("/404?body=no_service", r"Slack refuses the post \(no_service\): nothing was stored", "copy the webhook"),
        ("/429", "Slack does not take the post now", "try again"),
        ("/html", "Slack refuses the post", "copy the webhook"),
    ],
)
def test_a_refused_post_is_a_failure_that_shows_no_secret(answer: str, problem: str, advice: str) -> None:
    with LoopbackSlack([answer]) as slack, pytest.raises(CommandFailed, match=problem) as failed:
        post_greeting(Webhook(slack.webhook(CANARY)), "ops", "stack holdfast", "")
    assert advice in failed.value.advice
    assert CANARY not in failed.value.report
    assert failed.value.__cause__ is failed.value.__context__ is None


def test_a_refused_bot_is_told_its_code() -> None:
    refusal = ask("/200", body='{"ok": false, "error": "not_in_channel"}')
    with LoopbackSlack([refusal]) as slack, pytest.raises(CommandFailed, match="not_in_channel") as failed:
        post_greeting(BotToken(f"xoxb-{CANARY}", "C0OPS"), "ops", "stack holdfast", slack.url("/api"))
    assert "invite the bot" in failed.value.advice


def test_without_an_answer_the_advice_is_no_post() -> None:
    with LoopbackSlack() as slack:
        url = slack.webhook(CANARY)
    with pytest.raises(CommandFailed, match=r"Slack did not answer this machine \(not connected\)") as failed:
        post_greeting(Webhook(url), "ops", "stack holdfast", "")
    assert "--no-post" in failed.value.advice
    assert CANARY not in failed.value.report
