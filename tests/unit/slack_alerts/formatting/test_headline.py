import json

import pytest

from demo.slack.limits import read_posting
from shared_state.alarm_threads import Thread
from slack_alerts.formatting.headline import format_headline, said_of

MESSAGE = json.dumps({"text": "first", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "first"}}]})


def thread(status: str, **changes: object) -> Thread:
    facts: dict[str, object] = {"channel": "C1", "ts": "1.5", "changed_at": 900.0, "has_fired": True, "fired_at": 180.0}
    facts |= {"status": status, "fired": 1, "headline": "🔴 ALARM cpu", "colour": "#e01e5a", "message": MESSAGE}
    return Thread(**facts | changes)  # type: ignore[arg-type] # each field has its own type


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (thread("FIRING"), "in ALARM"),
        (thread("FIRING", fired=2), "in ALARM, 2 ALARMs so far"),
        (thread("RESOLVED"), "resolved after 12 min"),
        (thread("RESOLVED", has_fired=False), "resolved"),
        (thread("NO_DATA"), "no data"),
        (
            thread("RESOLVED", moments=[float(at) for at in range(360, 901, 90)]),
            "flapping: 7 changes in 10 min, resolved",
        ),
        (thread("RESOLVED", moments=[0.0, *range(400, 901, 100)]), "resolved after 12 min"),
    ],
)
def test_the_line_below_the_headline_says_what_became_of_the_alarm(one: Thread, said: str) -> None:
    assert said_of(one).startswith(said)


@pytest.mark.parametrize("name", ["<!channel>", "x" * 255, "😀" * 200])
def test_a_headline_has_no_markup_from_outside_and_fits(name: str) -> None:
    edit = format_headline(thread("FIRING", headline=f"🔴 ALARM {name}"))
    assert read_posting(json.dumps(edit.content).encode()).error == ""
    assert "<!channel>" not in str(edit.content["text"])


def test_a_mention_of_the_first_message_stays_above_the_headline() -> None:
    mention = {"type": "section", "text": {"type": "mrkdwn", "text": "<!here>"}}
    content = {"text": "<!here> first", "blocks": [mention, *json.loads(MESSAGE)["blocks"]]}
    edit = format_headline(thread("RESOLVED", message=json.dumps(content)))
    blocks = edit.content["blocks"]
    assert isinstance(blocks, list)
    assert [block["type"] for block in blocks if isinstance(block, dict)] == ["section", "header", "context"]
