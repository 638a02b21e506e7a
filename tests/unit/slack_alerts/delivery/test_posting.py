import json

import pytest

from outcomes.outcome import Delivered, Later, LaterReason
from retry_policies import Deadline, DeadlineExceeded
from retry_policies.presets import SLACK_WEBHOOK
from retry_policies.slack_api import classify_api
from shared_state.lane_state import Evidence
from slack_alerts.delivery.failures import classify
from slack_alerts.delivery.pace import Pace
from slack_alerts.delivery.posting import Posted, Posting
from slack_alerts.models import (
    DOUBT,
    Access,
    Credentials,
    Refused,
    SlackMessage,
    SlackRefused,
    Webhook,
    mrkdwn,
)
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

OLD, NEW = (Access(Webhook(f"https://hooks.slack.com/services/{name}"), name) for name in ("old", "new"))
RICH, PLAIN = SlackMessage("rich", ({},)), SlackMessage("plain")
TRIED = answered(429, "rate_limited", 0.5)
HTML = answered(404, "<html>")
UNAVAILABLE = Later(LaterReason.SECRET_UNAVAILABLE)


def post(
    *answers: Exception | None,
    seconds: float = 25.0,
    is_doubtful: bool = False,
    plain: SlackMessage | None = PLAIN,
    newer: Access | Later | None = None,
    message: SlackMessage = RICH,
) -> tuple[Posted, list[str]]:
    """Post the message to a Slack that gives these answers; return the result and the texts that were sent."""
    clock, left, sent = FakeClock(), list(answers), list[str]()

    def send(credentials: Credentials, message: SlackMessage, _timeout: float) -> None:
        sent.append(message.text if credentials == OLD.credentials else f"new {message.text}")
        if (answer := left.pop(0)) is not None:
            raise answer

    posting = Posting(
        send=send,
        policy=SLACK_WEBHOOK.with_(classifier=classify, min_attempt_time=4.0, sleep=clock.sleep),
        deadline=Deadline.after(seconds, clock=clock),
        pace=Pace(1.0, clock, clock.sleep),
        access=OLD,
        find_newer=lambda: newer,
        is_doubtful=is_doubtful,
    )
    return posting.post(message, (lambda: plain) if plain else None), sent


def test_a_success_is_an_answer_and_leaves_no_doubt() -> None:
    posted, sent = post(None)
    expected = Posted(None, Delivered(), is_doubtful=False, evidence=Evidence.ANSWERED, message=posted.message)
    assert (posted, sent) == (expected, ["rich"])


def test_a_refused_message_is_posted_once_more_as_plain_text_if_there_is_one() -> None:
    posted, sent = post(BAD_BLOCKS, None)
    assert (posted.failure, posted.refused_blocks, sent) == (None, True, ["rich", "plain"])
    posted, sent = post(BAD_BLOCKS, plain=None)
    assert (posted.refused, sent) == (Refused.MESSAGE, ["rich"])


@pytest.mark.parametrize("refusal", [GONE, EXPIRED])
def test_refused_credentials_are_read_again_once(refusal: Exception) -> None:
    posted, sent = post(refusal, None, newer=NEW)
    assert (posted.outcome, sent) == (Delivered(), ["rich", "new rich"])
    posted, sent = post(GONE, refusal, newer=NEW)
    assert (posted.failure, sent) == (refusal, ["rich", "new rich"])
    posted, sent = post(refusal, newer=UNAVAILABLE)
    assert (posted.outcome, sent) == (UNAVAILABLE, ["rich"])


@pytest.mark.parametrize("first", [BROKEN, answered(502), answered(504)])
def test_an_attempt_after_one_that_may_have_arrived_is_marked(first: Exception) -> None:
    _, sent = post(first, BAD_BLOCKS, None)
    assert sent == ["rich", f"{DOUBT}\nrich", f"{DOUBT}\nplain"]
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
def test_all_attempts_give_one_evidence(answers: list[Exception], evidence: Evidence, *, is_doubtful: bool) -> None:
    posted, sent = post(*answers)
    assert len(sent) == len(answers)
    assert (posted.evidence, posted.is_doubtful) == (evidence, is_doubtful)


def test_the_retry_after_is_that_of_the_last_answer() -> None:
    assert post(answered(429, "rate_limited", 60.0))[0].retry_after == 60.0
    assert post(NO_ANSWER)[0].retry_after is None


@pytest.mark.parametrize("answers", [[], [GONE]])
def test_a_retry_after_is_measured_whichever_credentials_it_answers(
    answers: list[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    post(*answers, answered(429, "rate_limited", 60.0), newer=NEW)
    measured = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "SecondsAsked" in line]
    assert [one["SecondsAsked"] for one in measured] == [[60.0]]


def test_without_time_nothing_is_sent() -> None:
    posted, sent = post(seconds=3.9)
    assert isinstance(posted.failure, DeadlineExceeded)
    assert (sent, posted.evidence) == ([], Evidence.NONE)


MENTIONING = SlackMessage("<!here> rich", ({"type": "section", "text": mrkdwn("<!here>")}, {}), mention="<!here>")
REFUSED = [
    answered(403, "action_prohibited"),
    SlackRefused(classify_api(200, "restricted_action"), Refused.DESTINATION),
]


MENTIONING_PLAIN = SlackMessage("<!here> plain", mention="<!here>")


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_mention_that_only_the_plain_text_is_refused_for_is_left_out(refusal: SlackRefused) -> None:
    posted, sent = post(BAD_BLOCKS, refusal, None, message=MENTIONING, plain=MENTIONING_PLAIN)
    note = f"posted without its mention: Slack refused it ({refusal})"
    assert (posted.outcome, posted.refused_blocks) == (Delivered(), True)
    assert sent == ["<!here> rich", "<!here> plain", f"{note}\nplain"]
    _, sent = post(refusal, BAD_BLOCKS, None, message=MENTIONING, plain=MENTIONING_PLAIN)
    assert sent == ["<!here> rich", f"{note}\nrich", f"{note}\nplain"]
