"""Parts and limits of a message; test_golden.py has whole messages with their emoji and colours."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.slack.limits import read_posting
from notifications.models import Link
from slack_alerts.formatting.message import format_message, format_plain
from slack_alerts.formatting.mrkdwn import units
from slack_alerts.models import Alert, SlackMessage
from tests.support.samples.events import TOPIC_ARN
from tests.support.samples.notifications import alert, notification, record

type Format = Callable[[Alert], SlackMessage]

FORMATS: list[Format] = [format_message, format_plain]
NASTY = st.sampled_from(
    [
        *("<!channel>", "<!here|x>", "<@U012ABCDEF>", "<#C012>", "<!subteam^S012>", "<https://evil.example|click>"),
        *("@here @everyone", "https://evil.example ops@evil.example", "```", "&", "&lt;!channel&gt;", "\r\n", "x"),
        *("\0", "\ud83d", "\u202e", "👨‍👩‍👧‍👦", "🇩🇪", "e\u0301"),
    ]
)
LONG = st.sampled_from([unit * (9_000 // len(unit)) for unit in ("&", "😀", "<!channel>", "x ", "\u0301")])
ANY_TEXT = st.text(st.characters(codec=None), max_size=300) | st.lists(NASTY, max_size=400).map("".join) | LONG
MENTION = "<!subteam^S012ABC>"
CONSOLE = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/x"
DATE = r"<!date\^\d+\^{date_short_pretty} {time_secs}\|[^|<>]*>"
PAGE = (Link("Open in CloudWatch", CONSOLE),)
OURS = re.compile(rf"{DATE}|<https://[^<> ]*(?:\|Open in CloudWatch)?>|{re.escape(MENTION)}")
MOMENT = datetime(2026, 1, 31, 12, 0, 41, tzinfo=UTC)
AT_ONCE = MOMENT.timestamp


CONTEXT = (
    "123456789012 · eu-west-1 · alerts"
    " · <!date^1769860841^{date_short_pretty} {time_secs}|2026-01-31 12:00:41 UTC>"
    " · id m1"
)


def anything(text: st.SearchStrategy[str]) -> st.SearchStrategy[Alert]:
    """Return alerts with this text in every field that comes from outside."""
    fields = dict.fromkeys(("title", "label", "summary", "reason", "description", "account", "region"), text)
    facts = st.lists(st.tuples(text, text), max_size=14).map(tuple)
    moment = st.none() | st.datetimes(timezones=st.just(UTC))
    topic = text.map(lambda topic: record(topic_arn=topic))
    some = st.builds(notification, **fields, facts=facts, occurred_at=moment, record=topic, links=st.just(PAGE))
    return st.builds(Alert, some, st.sampled_from(["", MENTION]))


def sent(message: SlackMessage) -> bytes:
    return json.dumps(message.content, allow_nan=False).encode()


def texts(part: object, kinds: tuple[str, ...] = ("mrkdwn", "plain_text")) -> Iterator[str]:
    """Yield every text object of these kinds."""
    if isinstance(part, dict):
        if part.get("type") in kinds:
            yield part["text"]
        for inner in part.values():
            yield from texts(inner, kinds)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from texts(inner, kinds)


def interpreted(message: SlackMessage) -> list[str]:
    """Return every text in which Slack would detect a mention or a link."""
    return [message.text, *texts(shown(message), ("mrkdwn",))]


def shown(message: SlackMessage) -> list[Any]:
    """Return the blocks in the order in which the channel shows them."""
    return [*message.blocks, *message.details]


def full(**changes: Any) -> Alert:  # noqa: ANN401 - each field has its own type
    fields = {
        "summary": "Errors 9 > 5",
        "reason": "Threshold crossed",
        "description": "Customers cannot pay.",
        "facts": (("State", "OK → ALARM"), ("Queue", "orders")),
        "account": "123456789012",
        "region": "eu-west-1",
        "occurred_at": MOMENT,
        "links": PAGE,
        "record": record(topic_arn=TOPIC_ARN),
    }
    return alert(**{**fields, **changes})


def test_plain_text_has_the_same_below_a_note() -> None:
    message = format_plain(full(), clock=AT_ONCE)
    assert message.blocks == ()
    assert message.text.splitlines() == [
        "_Shown as plain text, because Slack refused the formatted message._",
        "🔴 ALARM checkout-errors: Errors 9 &gt; 5 (123456789012, eu-west-1)",
        "Threshold crossed",
        "Customers cannot pay.",
        "State: OK → ALARM",
        "Queue: orders",
        f"<{CONSOLE}|Open in CloudWatch>",
        CONTEXT,
    ]


def test_plain_text_gives_the_reason_the_remaining_room() -> None:
    message = format_plain(alert(summary="y", reason="x" * 10_000))
    assert message.text.count("x") > 2_700
    assert re.search(r" … 7,\d\d\d characters cut\nid m1$", message.text)


def test_the_mention_of_the_route_comes_first() -> None:
    message = format_message(Alert(notification(reason="x"), MENTION))
    assert message.blocks[0] == {"type": "section", "text": {"type": "mrkdwn", "text": MENTION, "verbatim": True}}
    assert message.blocks[1]["type"] == "header"
    assert message.text == f"{MENTION} 🔴 ALARM checkout-errors: x"
    assert format_plain(Alert(notification(), MENTION)).text.splitlines()[1] == f"{MENTION} 🔴 ALARM checkout-errors"


@pytest.mark.parametrize("form", FORMATS)
def test_our_note_comes_before_the_mention(form: Format) -> None:
    message = form(replace(alert(MENTION), note="meant for team: <refused>"))
    assert message.text.splitlines()[0] == "meant for team: &lt;refused&gt;"
    assert message.text.count(MENTION) == 1
    assert list(texts(shown(message)))[:1] == ["meant for team: &lt;refused&gt;"] * bool(message.blocks)


def test_a_title_is_one_line_and_repeated_below_a_header_that_is_too_short() -> None:
    message = format_message(alert(title="a\nb", summary="c\r\nd"))
    assert message.text == "🔴 ALARM a b: c d"
    assert [block["type"] for block in shown(format_message(alert()))] == ["header", "context"]
    title = "a" * 255
    header, whole, _ = texts(shown(format_message(alert(title=title))))
    assert "characters cut" in header
    assert whole == f"🔴 ALARM {title}"


def test_more_facts_than_fit_are_counted() -> None:
    facts = tuple((f"n{number}", "v") for number in range(30))
    fields = list(texts(shown(format_message(alert(facts=facts))), ("mrkdwn",)))
    assert fields[-2] == "*More*\n21 facts not shown"
    assert "More: 21 facts not shown" in format_plain(alert(facts=facts)).text


def test_blank_facts_are_omitted() -> None:
    facts = (("", ""), (" ", "\n"), ("", "alone"), ("Empty", ""))
    assert list(texts(shown(format_message(alert(facts=facts))), ("mrkdwn",))) == ["alone", "*Empty*\n", "id m1"]


def test_a_link_that_would_be_cut_is_omitted() -> None:
    long = (Link("Open in CloudWatch", CONSOLE + "x" * 1000),)
    assert b"Open in" not in sent(format_message(full(links=long)))
    assert "Open in" not in format_plain(full(links=long)).text


@pytest.mark.parametrize(
    ("description", "shown_as"),
    [
        ("see https://wiki.example.com/a?b=1&c=2.", "see <https://wiki.example.com/a?b=1&amp;c=2>."),
        ("<https://evil.example|here> @channel", "&lt;<https://evil.example>|here&gt; @channel"),
        ("http://plain.example and ftp://x", "http://plain.example and ftp://x"),
        ("<!channel> https://", "&lt;!channel&gt; https://"),
    ],
)
def test_only_https_addresses_of_a_description_are_links(description: str, shown_as: str) -> None:
    details = format_message(alert(description=description)).details
    assert next(texts(details)) == shown_as


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=5), "delayed by 5 min"),
        (timedelta(minutes=59, seconds=59), "delayed by 59 min"),
        (timedelta(hours=3, minutes=5), "delayed by 3 h 5 min"),
        (timedelta(hours=3), "delayed by 3 h"),
        (timedelta(days=13, hours=1, minutes=9), "delayed by 13 d 1 h"),
        (timedelta(days=4000), "delayed by 4,000 d"),
    ],
)
def test_d15_a_stale_alert_is_shown_and_says_how_late_it_is(ago: timedelta, words: str) -> None:
    message = format_message(full(), clock=(MOMENT + ago).timestamp)
    assert f", {words})" in message.text
    originally = f" · {words}, originally at <!date^{int(MOMENT.timestamp())}^"
    assert originally in list(texts(shown(message)))[-1]
    assert originally in format_plain(full(), clock=(MOMENT + ago).timestamp).text


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(minutes=4, seconds=59), timedelta(days=-1)])
def test_d15_a_fresh_alert_has_no_delay(ago: timedelta) -> None:
    assert b"delayed" not in sent(format_message(full(), clock=(MOMENT + ago).timestamp))
    assert b"delayed" not in sent(format_message(full(occurred_at=None), clock=(MOMENT + ago).timestamp))


def check(form: Format, given: Alert) -> None:
    message = form(given)
    assert read_posting(sent(message)).error == ""
    assert units(message.text) <= 3_000
    assert sum(escaped_size(text) for text in texts(shown(message))) <= 11_500  # up to 12,000 is for our notes
    for text in interpreted(message):
        assert not re.search(r"[<>]", OURS.sub("", text))
    assert message.text.count(MENTION) == bool(given.mention)
    assert sum(text == MENTION for text in texts(shown(message))) == bool(given.mention and message.blocks)
    assert not re.search(r"@\w|://|\w\.[^\W\d_]{2}", OURS.sub("", message.text))


@pytest.mark.parametrize("form", FORMATS)
@settings(deadline=None)
@given(given=anything(ANY_TEXT))
def test_d8_any_notification_becomes_a_message_that_slack_accepts_and_that_pings_nobody_else(
    form: Format, given: Alert
) -> None:
    check(form, given)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("unit", ["&", "\ud83d"])
def test_d7_any_notification_of_a_mebibyte_in_every_field_does_too(form: Format, unit: str) -> None:
    huge = unit * (2**20 // len(unit))
    fields = dict.fromkeys(("title", "label", "summary", "reason", "description", "account", "region"), huge)
    facts = ((huge, huge), *[("x", huge)] * 11)
    some = notification(**fields, facts=facts, occurred_at=MOMENT, record=record(topic_arn=huge), links=PAGE)
    check(form, Alert(some, MENTION))
    assert huge.isspace() or "characters cut" in form(Alert(some)).text


def escaped_size(text: str) -> int:
    """Return the size if Slack escapes plain_text too and counts in UTF-16."""
    return units(re.sub("&(?!amp;|lt;|gt;)", "&amp;", text).replace("<", "&lt;").replace(">", "&gt;"))
