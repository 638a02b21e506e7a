import json
import re
import traceback

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slack_alerts.credentials.secret_text import MalformedSecret, parse_secret
from slack_alerts.models import BotToken, Webhook
from slack_alerts.slack.egress import Egress

EGRESS = Egress(frozenset({"hooks.slack.com"}))
QUICK = Egress(frozenset({"hooks.slack.com", "slack-standin"}), allows_plain=True)
URL = "https://hooks.slack.com/services/T000/B000/canary"
BOT = {"token": "xoxb-1-canary", "channel": "C012AB3CD"}


def all_of(error: BaseException | None) -> str:
    """Return everything that an error and its causes could show; JSON's own error contains the text."""
    if error is None:
        return ""
    printed = "".join(traceback.format_exception(error))
    return f"{printed}{error!r}{vars(error)}{all_of(error.__cause__)}{all_of(error.__context__)}"


@pytest.mark.parametrize("around", ["{}", "  {}\n", "\n{}\r\n\t", "\u00a0{}\u2003"])
def test_a_webhook_is_its_url_without_white_space_around_it(around: str) -> None:
    assert parse_secret(around.format(URL), EGRESS) == Webhook(URL)


@pytest.mark.parametrize("channel", ["C012AB3CD", "G012AB3CD", "D012AB3CD", " C012AB3CD\n"])
def test_a_bot_is_its_token_and_a_channel(channel: str) -> None:
    text = json.dumps(BOT | {"channel": channel, "token": " xoxb-1-canary\n"}, indent=2)
    assert parse_secret(f"\n{text} ", EGRESS) == BotToken("xoxb-1-canary", channel.strip())


def test_http_is_for_loopback_and_with_the_quick_pace_for_named_hosts() -> None:
    local, named = "http://127.0.0.1:8080/services/T/B/x", "http://slack-standin:8080/services/T/B/x"
    assert parse_secret(local, EGRESS) == Webhook(local)
    assert parse_secret(named, QUICK) == Webhook(named)
    with pytest.raises(MalformedSecret):
        parse_secret(named, EGRESS)


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("is empty", ["", " \n\t"]),
        ("the webhook must be a URL", ["canary", f'"{URL}"', "[]"]),
        ("the webhook must name one of the allowed hosts", [URL.replace("hooks.slack.com", "example.com")]),
        ("the webhook must be one line of plain ASCII", [f"{URL} {URL}", f"{URL}\n{URL}", f"\ufeff{URL}"]),
        (
            "the webhook's path must begin with",
            [
                f"https://hooks.slack.com{path}"
                for path in ("/", "/services", "/api/canary", "/services/../api/canary", "//services/canary")
            ],
        ),
        ("begins like JSON", ['{"token": "xoxb-1-canary"', "{'token': 'xoxb-1-canary'}", '{"a":' * 100_000]),
        (
            'the fields "token" and "channel"',
            [
                "{}",
                '{"token": "xoxb-1-canary"}',
                json.dumps(BOT | {"canary": 1}),
                json.dumps({"SLACK_WEBHOOK_URL": URL}),
            ],
        ),
        (
            "the token must be that of a bot",
            [
                json.dumps(BOT | {"token": token})
                for token in (
                    *("xoxp-1-canary", "xoxb-", "xoxe.xoxb-", "xoxe.xoxp-1-canary", "xoxe-1-canary"),
                    *("xoxb-1\r\nHost: canary", "xoxb-é", ["xoxb-1-canary"], None),
                )
            ],
        ),
        (
            "the channel must be its id",
            [
                json.dumps(BOT | {"channel": channel})
                for channel in ("#alerts", "alerts", "", 12, "C012AB3CD canary", "U012AB3CD")
            ],
        ),
    ],
)
def test_f2_the_error_of_an_unusable_secret_names_field_and_rule_and_shows_nothing(rule: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(MalformedSecret, match=re.escape(rule)) as caught:
            parse_secret(text, EGRESS)
        assert "canary" not in all_of(caught.value)


TEXTS = st.text() | st.from_regex(r"(https?://)?[a-z@:.\[\]0-9]{0,30}/?.{0,20}")
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["token", "channel"]) | st.text(), inner),
    max_leaves=10,
)


def canaried(value: object) -> object:
    """Return the value with a canary in each of its texts."""
    match value:
        case str():
            return f"{value}canary"
        case list():
            return [canaried(one) for one in value]
        case dict():
            return {
                name if name in {"token", "channel"} else f"{name}canary": canaried(one) for name, one in value.items()
            }
        case _:
            return value


@given(TEXTS.map(lambda text: f"{text}canary") | VALUES.map(lambda value: json.dumps(canaried(value))))
@example('{"canary')
@example(f"{URL}\x00")
@example(f"https://hooks.slack.com:{'9' * 5000}/canary")
@example(json.dumps({"token": "xoxb-\ud800canary", "channel": "C012"}))
def test_any_text_is_credentials_or_refused_without_being_shown(text: str) -> None:
    shown = ""
    try:
        shown = repr(parse_secret(text, QUICK))
    except MalformedSecret as error:
        shown = all_of(error)
    assert "canary" not in shown
