import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed_detail


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
