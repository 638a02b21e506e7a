"""Copies with different hops: what stands in the parking queue can always come back, and makes no call once more."""

from tests.conservation.action_schedule import ActionSchedule, Ask, Requested
from tests.conservation.conservation import check, check_actions
from tests.conservation.schedule import CallsFail, Crash, Published, Redrive, Schedule, SecretGone, SlackAnswers
from tests.support.virtual.alert_messages import TEAM
from tests.support.virtual.faults import BROKEN
from tests.support.virtual.operations import Moment
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


def test_a_late_copy_that_takes_over_from_a_redriven_one_lets_that_not_be_made_once_more() -> None:
    """It was parked; the one that was sent back made it, and its function died; the late copy was parked as unknown."""
    asked = Requested(0.0, Ask.PARTLY, 13_200.0, notify=True, again=(500.0,))
    dies = Crash(2, Moment.AFTER, "aws.invoke")
    check_actions(ActionSchedule(1198, (asked,), (Redrive(300.0, is_parked=True), dies)))
