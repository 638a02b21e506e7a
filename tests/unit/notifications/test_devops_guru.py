import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, changed_detail


def test_without_a_description_the_metrics_are_named() -> None:
    said = changed_detail("devops-guru.json", insightDescription=None)
    assert said.summary == "reactive insight: AWS/ApiGateway 5XXError"
    assert changed("devops-guru-sns.json", InsightDescription=None).summary.endswith("pod_number_of_container_restarts")


@pytest.mark.parametrize(
    ("kind", "label", "status"),
    [
        ("NEW_INSIGHT", "HIGH", Status.FIRING),
        ("SEVERITY_UPGRADED", "HIGH", Status.FIRING),
        ("CLOSED_INSIGHT", "CLOSED", Status.RESOLVED),
    ],
)
def test_an_insight_is_over_once_it_is_closed(kind: str, label: str, status: Status) -> None:
    said = changed("devops-guru-sns.json", MessageType=kind)
    assert (said.label, said.status) == (label, status)


def test_only_a_page_of_the_console_is_a_link() -> None:
    assert changed_detail("devops-guru.json").links[0].words == "Open insight"
    assert changed_detail("devops-guru.json", insightUrl="https://evil.example/").links == ()
