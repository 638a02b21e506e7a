"""Copies of one alert with different hops: what stands in the parking queue can always come back."""

from tests.conservation.conservation import check
from tests.conservation.schedule import Published, Redrive, Schedule, SlackAnswers
from tests.support.virtual.slack_behaviours import REFUSED_MESSAGE, UNEXPECTED


def test_a_late_copy_that_is_parked_after_a_redriven_one_was_claimed_can_be_redriven_too() -> None:
    alert = Published(0.0, again=(320.0,))
    refused = (REFUSED_MESSAGE, REFUSED_MESSAGE)
    check(Schedule(0, (alert,), (Redrive(300.0, is_parked=True), SlackAnswers((*refused, UNEXPECTED, *refused)))))
