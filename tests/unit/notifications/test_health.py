import pytest

from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Status
from tests.support.samples.notifications import changed_detail

MEMBER = "(444455556666, eu-west-1)"
LINES = {
    "health-issue.json": (
        f"🔴 OPEN Health EC2: operational issue, i-0a1b2c3d4e5f60718, i-0b2c3d4e5f6071829 (+1 more) {MEMBER}"
    ),
    "health-scheduled-change.json": (
        f"🔔 UPCOMING Health RDS: maintenance scheduled, orders-db, starts Sat, 07 Feb 2026 01:00:00 GMT {MEMBER}"
    ),
    "health-account-notification.json": f"🔔 OPEN Health LAMBDA: planned lifecycle event, charge, report {MEMBER}",
    "health-issue-closed.json": f"🟢 CLOSED Health EC2: operational issue, i-0a1b2c3d4e5f60718 {MEMBER}",
    "health-abuse.json": (
        "🟠 ABUSE AWS abuse report: dos report: i-0a1b2c3d4e5f60718, i-0b2c3d4e5f6071829 (111122223333, global)"
    ),
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


@pytest.mark.parametrize(
    ("category", "state", "status"),
    [
        ("issue", "open", Status.FIRING),
        ("issue", "closed", Status.RESOLVED),
        ("scheduledChange", "upcoming", Status.NOTICE),
        ("scheduledChange", "closed", Status.RESOLVED),
        ("accountNotification", "open", Status.NOTICE),
        ("investigation", "open", Status.NOTICE),
    ],
)
def test_only_an_open_issue_is_firing(category: str, state: str, status: Status) -> None:
    said = changed_detail("health-issue.json", eventTypeCategory=category, statusCode=state)
    assert (said.label, said.status) == (state.upper(), status)


def test_the_account_is_the_affected_one() -> None:
    assert notification_of(SAMPLES / "health-issue.json").account == "444455556666"


def test_names_that_stand_for_no_resource_are_omitted() -> None:
    said = changed_detail(
        "health-issue.json", affectedEntities=[{"entityValue": "UNKNOWN"}, {"entityValue": "AWS_ACCOUNT"}]
    )
    assert said.summary == "operational issue"


def test_the_english_description_is_shown_with_its_line_ends_and_without_addresses() -> None:
    described = [
        {"language": "ja_JP", "latestDescription": "…"},
        {"language": "en_US", "latestDescription": "One.\\nAsk jane@example.com."},
    ]
    assert changed_detail("health-issue.json", eventDescription=described).reason == "One.\nAsk j…@example.com."


def test_a_page_of_several_says_which() -> None:
    assert ("Page", "2 of 3") in changed_detail("health-issue.json", page="2", totalPages="3").facts
