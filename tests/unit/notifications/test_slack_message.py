import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, parse_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel> down", "@channel down"),
        ("<!here|here> down", "here down"),
        ("ask <@U012AB3CD>", "ask @U012AB3CD"),
        ("see <#C012|ops>", "see ops"),
        ("<https://x.example/1|the page> is down", "the page (https://x.example/1) is down"),
        ("<https://x.example/1>", "https://x.example/1"),
        ("<!subteam^S012> look", "@subteam look"),
        ("<!date^1769825681^{date}|today>", "today"),
        ("5 &lt; 7 &amp; 8", "5 < 7 & 8"),
    ],
)
def test_markup_is_shown_as_text(text: str, shown: str) -> None:
    assert parse_json({"text": text}).summary == shown


def test_the_texts_of_blocks_and_attachments_are_shown_once() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Report"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}, {"type": "mrkdwn", "text": "b"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}, {"type": "image"}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Open"}}]},
        {"type": "divider"},
    ]
    said = parse_json({"text": "Report", "blocks": blocks, "attachments": [{"blocks": blocks}, {"fallback": "d"}]})
    assert (said.summary, said.reason.splitlines()) == ("Report", ["Report", "a", "b", "c", "Open", "d"])


@pytest.mark.parametrize(
    ("colour", "status"),
    [("danger", Status.FIRING), ("warning", Status.FIRING), ("good", Status.RESOLVED), ("#36c5f0", Status.NOTICE)],
)
def test_the_colour_of_an_attachment_is_the_status(colour: str, status: Status) -> None:
    assert changed("slack-message.json", attachments=[{"color": colour, "text": "x"}]).status is status


def test_secrets_in_the_texts_are_hidden() -> None:
    said = parse_json({"text": "x", "attachments": [{"fields": [{"title": "api_key", "value": "canary"}]}]})
    assert "canary" not in repr((said.summary, said.facts))
