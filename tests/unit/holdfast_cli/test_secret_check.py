import pytest

from holdfast_cli.secret import ANY_STACK
from holdfast_cli.secret_check import check_secret
from slack_alerts.credentials.secret_text import MalformedSecret
from slack_alerts.models import BotToken, Webhook

CANARY = "c4n4ry"
GOOD = "https://hooks.slack.com/services/T0123ABCD/B0123ABCD/aBcDeFgHiJkLmNoPqRsTuVwX"
REFUSED = {
    "plain http": (f"http://hooks.slack.com/services/{CANARY}", "must start with https://"),
    "loopback": (f"http://127.0.0.1:80/services/{CANARY}", "on this machine"),
    "another host": (f"https://example.com/services/{CANARY}", "allowed hosts"),
    "two lines": (f"https://hooks.slack.com/services/\n{CANARY}", "one line"),
    "a person's token": (f"xoxp-{CANARY}", "must be a URL"),
    "broken JSON": (f'{{"token": "{CANARY}', "must be JSON"),
    "nothing": ("", "the secret is empty"),
    "an incomplete webhook": (f"https://hooks.slack.com/services/T0123ABCD/{CANARY}", "complete"),
    "a webhook with more": (f"{GOOD}/{CANARY}", "complete"),
    "Slack's example": ("https://hooks.slack.com/services/T00000000/B00000000/" + "X" * 24, "example of a manual"),
    "another example": ("https://hooks.slack.com/services/YOUR/WEBHOOK/URL", "example of a manual"),
    "an example of a token": ('{"token": "xoxb-your-token", "channel": "C0OPS"}', "example of a manual"),
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.values(), ids=REFUSED)
def test_a_malformed_or_example_secret_is_refused_and_not_shown(text: str, problem: str) -> None:
    with pytest.raises(MalformedSecret, match=problem) as refused:
        check_secret(text, ANY_STACK, is_local=False)
    assert CANARY not in str(refused.value)


def test_a_webhook_and_a_token_are_taken() -> None:
    assert check_secret(GOOD, ANY_STACK, is_local=False) == Webhook(GOOD)
    bot = '{"token": "xoxb-1234-5678-abcd", "channel": "C0OPS"}'
    assert check_secret(bot, ANY_STACK, is_local=False) == BotToken("xoxb-1234-5678-abcd", "C0OPS")


def test_a_loopback_webhook_is_taken_only_with_a_local_aws() -> None:
    url = "http://127.0.0.1:8080/services/T0/B0/x"
    assert check_secret(url, ANY_STACK, is_local=True) == Webhook(url)
