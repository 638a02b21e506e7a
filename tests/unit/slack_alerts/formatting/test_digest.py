import json
import re
from datetime import UTC, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from demo.slack.limits import read_posting
from notifications.models import Link, Status
from slack_alerts.formatting.digest import format_digest
from slack_alerts.formatting.mrkdwn import TEXT_LIMIT, units
from slack_alerts.models import DOUBT, Alert, SlackMessage
from tests.support.samples.notifications import notification, record
from tests.unit.slack_alerts.formatting.test_message import (
    ANY_TEXT,
    CONSOLE,
    DATE,
    MOMENT,
    PAGE,
    escaped_size,
    interpreted,
    texts,
)

MENTIONS = ["<!here>", "<!subteam^S012ABC>", "<@U012ABCDEF>"]
NOTES = ["", "meant for team: refused", "<!channel>" * 20]
LINK = r"<https://[^|<> ]*\|[^<>]*>"
OURS = re.compile("|".join([DATE, LINK, *map(re.escape, MENTIONS)]))
SLACKS_LIMIT = 13_200
"""Characters that Slack accepts in all blocks of a message."""


def full(name: str, **changes: object) -> Alert:
    facts = {
        "title": name,
        "summary": "Threshold crossed",
        "account": "123456789012",
        "region": "eu-west-1",
        "occurred_at": MOMENT,
        "links": PAGE,
        "record": record(message_id=f"m-{name}", sns_message_id=f"sns-{name}"),
    }
    return Alert(notification(**{**facts, **changes}), "")


def digest(*alerts: Alert) -> SlackMessage:
    return format_digest(alerts, clock=MOMENT.timestamp)


WHEN = "<!date^1769860841^{date_short_pretty} {time_secs}|2026-01-31 12:00:41 UTC>"


def test_a_headline_counts_by_state_and_each_alert_has_its_line() -> None:
    message = digest(full("a"), full("b", status=Status.RESOLVED, label="OK"), full("c"))
    header, *lines = texts(message.blocks)
    assert header == "🔴 2 ALARM · 🟢 1 OK"
    assert [line.splitlines()[0] for line in lines] == [
        f"🔴 *ALARM* <{CONSOLE}|a>",
        f"🟢 *OK* <{CONSOLE}|b>",
        f"🔴 *ALARM* <{CONSOLE}|c>",
    ]
    assert lines[0].splitlines()[1:] == ["Threshold crossed", f"123456789012 · eu-west-1 · {WHEN} · id sns-a"]
    assert message.text.splitlines() == [
        "🔴 2 ALARM · 🟢 1 OK",
        "🔴 ALARM a: Threshold crossed (123456789012, eu-west-1)",
        "🟢 OK b: Threshold crossed (123456789012, eu-west-1)",
        "🔴 ALARM c: Threshold crossed (123456789012, eu-west-1)",
    ]


def test_g2_an_alarm_that_flaps_is_one_message_with_its_changes_in_order() -> None:
    fires, ends = full("a"), full("a", status=Status.RESOLVED, label="OK")
    header, *lines = texts(digest(fires, ends, fires, ends).blocks)
    assert header == "🔴 2 ALARM · 🟢 2 OK"
    assert [line.split("*")[1] for line in lines] == ["ALARM", "OK", "ALARM", "OK"]


def test_an_alarm_that_is_over_by_a_later_change_of_the_digest_says_so() -> None:
    def change(name: str, status: Status, minutes: float) -> Alert:
        return full(name, subject=name, status=status, occurred_at=MOMENT + timedelta(minutes=minutes))

    fires, ends, again = Status.FIRING, Status.RESOLVED, Status.FIRING
    message = digest(
        change("a", ends, 2), change("a", fires, 1), change("b", fires, 1), change("b", again, 2), change("c", ends, 1)
    )
    _, *lines = texts(message.blocks)
    over = "over: OK since 2026-01-31 12:02:41 UTC"
    assert [f"_{over}_" in line.splitlines() for line in lines] == [False, True, False, False, False]
    assert [over in line for line in message.text.splitlines()] == [False, False, True, False, False, False]


def test_a_message_without_a_state_is_a_notice() -> None:
    message = digest(*[full(name, status=Status.NOTICE, label="", links=()) for name in "abc"])
    header, first, *_ = texts(message.blocks)
    assert (header, first.splitlines()[0]) == ("🔔 3 NOTICE", "🔔 *NOTICE* a")


def test_each_mention_comes_once_and_first() -> None:
    mentions = ("<!here>", "", "<@U1>", "<!here>")
    message = digest(*[Alert(full("a").notification, mention) for mention in mentions])
    assert next(texts(message.blocks)) == "<!here> <@U1>"
    assert message.text.splitlines()[0] == "<!here> <@U1> 🔴 4 ALARM"
    assert "\n".join(texts(message.blocks)).count("<!here>") == 1


def test_notes_and_doubt_are_above_their_own_alert_only() -> None:
    noted = Alert(full("b").notification, note="meant for team: refused", is_doubtful=True)
    _, first, second, _ = texts(digest(full("a"), noted, full("c")).blocks)
    assert second.splitlines()[:2] == [f"_{DOUBT}_", "_meant for team: refused_"]
    assert "_" not in first.splitlines()[0].replace(CONSOLE, "")


def test_d15_a_stale_alert_has_its_delay_and_without_an_sns_id_its_sqs_id() -> None:
    alerts = [full(name, record=record(message_id="m-a")) for name in "abc"]
    message = format_digest(alerts, clock=(MOMENT + timedelta(hours=2)).timestamp)
    assert all("delayed by 2 h" in line and "id m-a" in line for line in list(texts(message.blocks))[1:])


FIELDS = ("title", "label", "summary", "reason", "description", "account", "region")
LONG_PAGE = (Link("Open in CloudWatch", f"{CONSOLE}{'x' * 350}"),)
NOTIFICATIONS = st.builds(
    notification,
    **dict.fromkeys(FIELDS, ANY_TEXT),
    links=st.sampled_from([PAGE, (), LONG_PAGE]),
    status=st.sampled_from(Status),
    occurred_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    record=st.builds(record, message_id=ANY_TEXT, sns_message_id=ANY_TEXT),
)
ALERTS = st.builds(Alert, NOTIFICATIONS, st.sampled_from(["", *MENTIONS]), st.sampled_from(NOTES), st.booleans())


def check(alerts: list[Alert]) -> None:
    message = format_digest(alerts)
    body = json.dumps(message.content, allow_nan=False).encode()
    assert read_posting(body).error == ""
    said = list(texts(message.blocks))
    assert len(message.blocks) <= 50
    assert max(map(units, said)) <= 3_000
    assert sum(map(escaped_size, said)) <= SLACKS_LIMIT - 200  # which leaves room for a mark of doubt
    assert units(message.text) <= TEXT_LIMIT + 100
    assert len(message.blocks) == len(alerts) + 1 + any(one.mention for one in alerts)
    for text in interpreted(message):
        assert not re.search(r"[<>]", OURS.sub("", text))
    for mention in MENTIONS:
        is_ours = any(one.mention == mention for one in alerts)
        assert [text.count(mention) for text in (message.text, "".join(texts(message.blocks, ("mrkdwn",))))] == [
            is_ours
        ] * 2
    assert not re.search(r"@\w|://|\w\.[^\W\d_]{2}", OURS.sub("", message.text))


@settings(deadline=None)
@given(st.lists(ALERTS, min_size=1, max_size=10))
def test_d8_any_alerts_become_one_message_that_slack_accepts_and_that_pings_nobody_else(alerts: list[Alert]) -> None:
    check(alerts)


def test_the_name_in_a_link_is_escaped_once() -> None:
    _, line = texts(digest(full("R&D <x>")).blocks)
    assert line.splitlines()[0] == f"🔴 *ALARM* <{CONSOLE}|R&amp;D &lt;x&gt;>"
