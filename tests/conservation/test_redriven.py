"""Copies with different hops: each parked message can be redriven, and a redrive repeats no call."""

from tests.conservation.action_schedule import ActionSchedule, CallKind, PublishedRequest
from tests.conservation.alert_schedule import AlertSchedule, PublishedAlert
from tests.conservation.conservation import check, check_actions
from tests.conservation.faults import CallsFail, Crash, Redrive, SecretGone, SlackAnswers
from tests.support.virtual.alert_messages import TEAM
from tests.support.virtual.faults import BROKEN
from tests.support.virtual.operations import Moment
from tests.support.virtual.slack_behaviours import REFUSED_MESSAGE, UNEXPECTED


def test_a_late_copy_that_is_parked_after_the_claim_of_a_redriven_one_can_be_redriven() -> None:
    alert = PublishedAlert(0.0, again=(320.0,))
    refused = (REFUSED_MESSAGE, REFUSED_MESSAGE)
    check(AlertSchedule(0, (alert,), (Redrive(300.0, is_parked=True), SlackAnswers((*refused, UNEXPECTED, *refused)))))


def test_an_alert_that_was_parked_at_the_default_destination_is_not_taken_for_posted_at_its_own() -> None:
    """The first copy goes to the default lane as routes cannot be read; the second to its own, whose secret is gone."""
    no_routes, gone = CallsFail("ssm", "", (BROKEN,) * 4), SecretGone(300.0, 5000.0, TEAM, is_removed=False)
    refused = SlackAnswers((REFUSED_MESSAGE, REFUSED_MESSAGE))
    check(AlertSchedule(0, (PublishedAlert(0.0, TEAM, again=(600.0,)),), (no_routes, gone, refused)))


def test_a_late_copy_that_takes_over_from_a_redriven_one_does_not_repeat_its_call() -> None:
    """The redriven copy makes the call and its function dies; the late copy is parked as unknown."""
    request = PublishedRequest(0.0, CallKind.PARTLY, 13_200.0, notify=True, again=(500.0,))
    dies = Crash(2, Moment.AFTER, "aws.invoke")
    check_actions(ActionSchedule(1198, (request,), (Redrive(300.0, is_parked=True), dies)))
