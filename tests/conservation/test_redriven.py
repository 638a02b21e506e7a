"""Copies of one alert with different hops: what stands in the parking queue can always come back."""

from tests.conservation.conservation import check
from tests.conservation.schedule import CallsFail, Published, Redrive, Schedule, SecretGone, SlackAnswers
from tests.support.virtual.faults import BROKEN
from tests.support.virtual.slack_alerts import TEAM
from tests.support.virtual.slack_behaviours import REFUSED_MESSAGE, UNEXPECTED


def test_a_late_copy_that_is_parked_after_a_redriven_one_was_claimed_can_be_redriven_too() -> None:
    alert = Published(0.0, again=(320.0,))
    refused = (REFUSED_MESSAGE, REFUSED_MESSAGE)
    check(Schedule(0, (alert,), (Redrive(300.0, is_parked=True), SlackAnswers((*refused, UNEXPECTED, *refused)))))


def test_what_the_default_destination_has_parked_does_not_count_as_posted_at_its_own() -> None:
    """Its first copy goes to the default one, while the routes cannot be read; the second to its own, which is gone."""
    no_routes, gone = CallsFail("ssm", "", (BROKEN,) * 4), SecretGone(300.0, 5000.0, TEAM, is_removed=False)
    refused = SlackAnswers((REFUSED_MESSAGE, REFUSED_MESSAGE))
    check(Schedule(0, (Published(0.0, TEAM, again=(600.0,)),), (no_routes, gone, refused)))
