import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local.slack_limits import read_posting

from slack_alerts.formatting import format_message
from slack_alerts.models import SlackMessage, Status
from tests.support.events import TOPIC_ARN
from tests.support.notifications import notification, record

ANY_TEXT = st.text(st.characters(codec=None), max_size=300) | st.sampled_from(
    ["&" * 9000, "<!channel>" * 400, "😀" * 5000]
)
OURS = re.compile(r"<!date\^-?\d+\^[^|>]*\|[^>]*>|<https://[^|>]*\|Open in CloudWatch>")


def sent(message: SlackMessage) -> bytes:
    return json.dumps({"text": message.text, "blocks": list(message.blocks)}, allow_nan=False).encode()


def mrkdwn(message: SlackMessage) -> list[str]:
    """Every text of the message in which Slack would see a mention or a link."""
    found = [message.text]

    def walk(part: object) -> None:
        if isinstance(part, dict):
            if part.get("type") == "mrkdwn":
                found.append(part["text"])
                assert part["verbatim"] is True
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list | tuple):
            for inner in part:
                walk(inner)

    walk(message.blocks)
    return found


def test_an_alarm_says_what_why_where_and_since_when() -> None:
    message = format_message(
        notification(
            reason="Threshold crossed",
            description="Customers cannot pay.",
            facts=(("State", "OK → ALARM"),),
            account="123456789012",
            region="eu-west-1",
            occurred_at=datetime(2026, 1, 31, 12, 0, 41, tzinfo=UTC),
            console="https://eu-west-1.console.aws.amazon.com/cloudwatch/home",
            record=record(topic_arn=TOPIC_ARN, sns_message_id="sns-7"),
        )
    )
    assert message.text == "🔴 ALARM checkout-errors (123456789012, eu-west-1): Threshold crossed"
    assert [block["type"] for block in message.blocks] == ["header", "section", "section", "section", "context"]
    (context,) = [text for text in mrkdwn(message) if "eu-west-1" in text and text != message.text]
    assert context == (
        "123456789012 · eu-west-1 · alerts"
        " · <!date^1769860841^{date_short_pretty} {time_secs}|2026-01-31 12:00:41 UTC>"
        " · <https://eu-west-1.console.aws.amazon.com/cloudwatch/home|Open in CloudWatch>"
        " · id sns-7"
    )


def test_the_state_is_said_in_a_word_beside_its_colour() -> None:
    lines = {status: format_message(notification(status=status, label=status.value)).text for status in Status}
    assert len({line[0] for line in lines.values()}) == len(Status)
    assert all(status.value in line for status, line in lines.items())


def test_the_push_notification_is_one_line() -> None:
    assert format_message(notification(title="a\nb", reason="c\r\nd")).text == "🔴 ALARM a b: c d"


def test_nothing_but_a_title_is_a_header_with_its_id() -> None:
    assert [block["type"] for block in format_message(notification()).blocks] == ["header", "context"]


@pytest.mark.parametrize(("length", "is_shown"), [(3000, True), (3001, False)])
def test_a_link_is_whole_or_not_there(length: int, is_shown: bool) -> None:  # noqa: FBT001 - a column of the table
    link = "https://eu-west-1.console.aws.amazon.com/".ljust(length, "x")
    assert (f"<{link}|Open in CloudWatch>" in mrkdwn(format_message(notification(console=link)))[-1]) is is_shown


@given(
    texts=st.fixed_dictionaries(
        dict.fromkeys(("title", "label", "reason", "description", "account", "region"), ANY_TEXT)
    ),
    facts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=20).map(tuple),
    topic=ANY_TEXT,
    moment=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_any_notification_becomes_a_message_slack_accepts_and_that_pings_nobody(
    texts: dict[str, str], facts: tuple[tuple[str, str], ...], topic: str, moment: datetime | None
) -> None:
    message = format_message(
        notification(
            **texts,
            facts=facts,
            occurred_at=moment,
            console="https://eu-west-1.console.aws.amazon.com/cloudwatch/home",
            record=record(topic_arn=topic),
        )
    )
    assert read_posting(sent(message)).refused == ""
    assert sum(len(text) for text in mrkdwn(message)) <= 12_000
    for text in mrkdwn(message):
        assert not re.search(r"[<>]", OURS.sub("", text))
