import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, changed_detail


@pytest.mark.parametrize(("category", "status"), [("failure", Status.FIRING), ("availability", Status.RESOLVED)])
def test_a_category_may_say_that_it_is_a_failure(category: str, status: Status) -> None:
    said = changed_detail("rds-failover.json", Message="DB instance restarted", EventCategories=[category])
    assert said.status is status


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("db-instance", "RDS orders-db"),
        ("db-cluster", "RDS cluster orders-db"),
        ("db-snapshot", "RDS snapshot orders-db"),
        ("db-parameter-group", "RDS parameter group orders-db"),
    ],
)
def test_a_message_of_sns_names_its_source_like_an_event(source: str, title: str) -> None:
    assert changed("rds-message.json", **{"Event Source": source}).title == title
