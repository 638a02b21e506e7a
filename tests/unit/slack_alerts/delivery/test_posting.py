import pytest

from outcomes.outcome import Delivered, Later, LaterReason, Outcome, Park, ParkReason
from retry_policies import Deadline, DeadlineExceeded
from retry_policies.presets import SLACK_WEBHOOK
from shared_state.lane_state import Evidence
from slack_alerts.delivery.pace import Pace
from slack_alerts.delivery.posting import Posted, Posting, classify, outcome_of
from slack_alerts.models import DOUBT, ClosedDestination, Credentials, SlackMessage, Webhook
from tests.support.steps.clock import FakeClock
from tests.support.steps.lane import (
    BAD_BLOCKS,
    BROKEN,
    BUSY,
    EXPIRED,
    GONE,
    NO_ANSWER,
    NOT_SENT,
    ODD,
    UNTRUSTED,
    answered,
)

HOOK = Webhook("https://hooks.slack.com/services/canary")
RICH, PLAIN = SlackMessage("rich", ({},)), SlackMessage("plain")
TRIED = answered(429, "rate_limited", 0.5)
HTML = answered(404, "<html>")


def post(
    *answers: Exception | None, seconds: float = 25.0, is_doubtful: bool = False, plain: bool = True
) -> tuple[Posted, list[str]]:
    """Post RICH to a Slack of these answers -> the result, and the texts that it was sent."""
    clock, left, sent = FakeClock(), list(answers), list[str]()

    def send(credentials: Credentials, message: SlackMessage, _timeout: float) -> None:
        assert credentials is HOOK
        sent.append(message.text)
        if (answer := left.pop(0)) is not None:
            raise answer

    policy = SLACK_WEBHOOK.with_(classifier=classify, min_attempt_time=4.0, sleep=clock.sleep)
    posting = Posting(send, policy, Deadline.after(seconds, clock=clock), Pace(1.0, clock, clock.sleep), is_doubtful)
    return posting.post(HOOK, RICH, (lambda: PLAIN) if plain else None), sent


def test_a_success_is_an_answer_and_leaves_no_doubt() -> None:
    assert post(None) == (Posted(None, is_doubtful=False, evidence=Evidence.ANSWERED), ["rich"])


def test_a_refused_message_is_posted_once_more_as_plain_text() -> None:
    posted, sent = post(BAD_BLOCKS, None)
    assert (posted.failure, sent) == (None, ["rich", "plain"])


def test_a_digest_has_no_plain_text_of_its_own() -> None:
    posted, sent = post(BAD_BLOCKS, plain=False)
    assert (posted.refuses_message, sent) == (True, ["rich"])


@pytest.mark.parametrize("first", [BROKEN, answered(502), answered(504)])
def test_an_attempt_after_one_that_may_have_arrived_says_so(first: Exception) -> None:
    _, sent = post(first, BAD_BLOCKS, None)
    assert sent == ["rich", f"{DOUBT}\nrich", f"{DOUBT}\nplain"]


def test_an_earlier_doubt_is_said_from_the_first_attempt() -> None:
    assert post(None, is_doubtful=True)[1] == [f"{DOUBT}\nrich"]


@pytest.mark.parametrize(
    ("answers", "evidence", "is_doubtful"),
    [
        ([NO_ANSWER], Evidence.DOUBTFUL, True),
        ([BROKEN] * 4, Evidence.DOUBTFUL, True),
        ([BROKEN, TRIED, BROKEN, BROKEN], Evidence.ANSWERED, True),
        ([TRIED, BROKEN, NO_ANSWER], Evidence.ANSWERED, True),
        ([NOT_SENT, BROKEN, NOT_SENT, NOT_SENT], Evidence.DOUBTFUL, True),
        ([BUSY] * 4, Evidence.ANSWERED, False),
        ([GONE], Evidence.ANSWERED, False),
        ([NOT_SENT] * 4, Evidence.NONE, False),
        ([UNTRUSTED], Evidence.NONE, False),
        ([HTML], Evidence.NONE, False),
        ([ODD], Evidence.NONE, True),
    ],
)
def test_what_the_attempts_show_together(answers: list[Exception], evidence: Evidence, *, is_doubtful: bool) -> None:
    posted, sent = post(*answers)
    assert len(sent) == len(answers)
    assert (posted.evidence, posted.is_doubtful) == (evidence, is_doubtful)


def test_the_patience_that_slack_asked_for_is_told() -> None:
    assert post(answered(429, "rate_limited", 60.0))[0].asked == 60.0
    assert post(NO_ANSWER)[0].asked is None


def test_without_time_nothing_is_sent() -> None:
    posted, sent = post(seconds=3.9)
    assert isinstance(posted.failure, DeadlineExceeded)
    assert (sent, posted.evidence) == ([], Evidence.NONE)


@pytest.mark.parametrize(
    ("failure", "end"),
    [
        (None, Delivered()),
        (UNTRUSTED, Later(LaterReason.TLS)),
        (NO_ANSWER, Later(LaterReason.UNANSWERED)),
        (NOT_SENT, Later(LaterReason.UNREACHABLE)),
        (BUSY, Later(LaterReason.UNREACHABLE)),
        (BROKEN, Later(LaterReason.UNREACHABLE)),
        (answered(429), Later(LaterReason.THROTTLED)),
        (answered(503, "", 5.0), Later(LaterReason.THROTTLED)),
        (ODD, Later(LaterReason.UNEXPECTED_ANSWER)),
        (HTML, Later(LaterReason.UNEXPECTED_ANSWER)),
        (BAD_BLOCKS, Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")),
        (EXPIRED, Later(LaterReason.SECRET_EXPIRED)),
        (GONE, ClosedDestination("refused", "no_service")),
        (answered(302), ClosedDestination("refused", "302 unknown_body")),
        (DeadlineExceeded(), Later(LaterReason.NOT_ATTEMPTED)),
    ],
)
def test_each_end_of_a_post_has_its_outcome(failure: Exception | None, end: Outcome | ClosedDestination) -> None:
    assert outcome_of(Posted(failure, is_doubtful=False, evidence=Evidence.NONE)) == end  # type: ignore[arg-type] # a Failure
