import pytest

from benchmarks.notifiers import NOTIFIERS
from retry_policies import Classification, ErrorKind
from slack_alerts.models import Refused, SlackRefused

ERROR = SlackRefused(Classification(ErrorKind.THROTTLED, 30.0, "rate_limited"), Refused.FOR_NOW)
RAISING = {name for name in NOTIFIERS if name != "log and go on"}


class Slack:
    """Fails so often, then accepts."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.posts = 0
        self.slept: list[float] = []

    def post(self) -> None:
        self.posts += 1
        if self.posts <= self.failures:
            raise ERROR


@pytest.mark.parametrize("name", NOTIFIERS)
def test_a_notifier_posts_once_to_a_healthy_slack(name: str) -> None:
    slack = Slack(0)
    NOTIFIERS[name](slack.post, slack.slept.append)
    assert (slack.posts, slack.slept) == (1, [])


@pytest.mark.parametrize(
    ("name", "slept"),
    [
        ("a loop of four attempts", [1.0, 1.0, 1.0]),
        ("tenacity", [1.0, 2.0, 4.0]),
        ("tenacity with Retry-After", [30.0, 30.0, 30.0]),
        ("fail, Lambda tries twice more", []),
        ("log and go on", []),
    ],
)
def test_a_notifier_repeats_as_its_name_says(name: str, slept: list[float]) -> None:
    slack = Slack(99)
    if name in RAISING:
        with pytest.raises(SlackRefused):
            NOTIFIERS[name](slack.post, slack.slept.append)
    else:
        NOTIFIERS[name](slack.post, slack.slept.append)
    assert (slack.posts, slack.slept) == (len(slept) + 1, slept)
