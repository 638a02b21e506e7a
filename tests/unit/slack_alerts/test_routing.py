from slack_alerts.routing import Routes
from tests.support.notifications import notification


def test_every_notification_goes_to_the_default_destination_in_its_order() -> None:
    notifications = [notification(title=title) for title in "abc"]
    assert list(Routes("ops").route(iter(notifications))) == [("ops", notifications)]


def test_no_notification_means_no_destination() -> None:
    assert list(Routes("ops").route([])) == []
