"""Copies of one alert with different hops: what stands in the parking queue can always come back."""

from tests.conservation.conservation import check
from tests.conservation.schedule import Crash, Published, Redrive, Schedule, SecretGone, SlackAnswers
from tests.support.virtual.operations import Moment
from tests.support.virtual.slack_alerts import TEAM
from tests.support.virtual.slack_behaviours import REFUSED_MESSAGE, UNEXPECTED


def test_a_late_copy_that_is_parked_after_a_redriven_one_was_claimed_can_be_redriven_too() -> None:
    alert = Published(0.0, again=(320.0,))
    refused = (REFUSED_MESSAGE, REFUSED_MESSAGE)
    check(Schedule(0, (alert,), (Redrive(300.0, is_parked=True), SlackAnswers((*refused, UNEXPECTED, *refused)))))


def test_what_the_default_destination_has_parked_does_not_count_as_posted_at_its_own() -> None:
    gone = SecretGone(0.0, 5000.0, TEAM, is_removed=False)
    parked_at_default_alone = Crash(3, Moment.AFTER, "table.swap")
    refused = SlackAnswers((REFUSED_MESSAGE, REFUSED_MESSAGE))
    check(Schedule(0, (Published(0.1, TEAM),), (gone, refused, parked_at_default_alone)))
