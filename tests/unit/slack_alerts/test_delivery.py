from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from record_batch.circuit import Circuits, Passage
from record_batch.claims import Claim, Claims, claim_key
from record_batch.memory_rows import MemoryRows
from record_batch.outcome import Delivered, Duplicate, Later, LaterReason, Outcome, Park, ParkReason
from record_batch.rows import State
from retry_policies import Deadline
from retry_policies.presets import SLACK_WEBHOOK
from retry_policies.testing import longest
from slack_alerts.delivery import Delivery
from slack_alerts.models import (
    Access,
    Alert,
    Credentials,
    CredentialsMissing,
    CredentialsUnavailable,
    SlackMessage,
    SlackRefused,
    SlackUnreachable,
    Webhook,
)
from slack_alerts.posting import DOUBT, classify
from slack_alerts.slack_answers import judge_webhook
from tests.support.clock import FakeClock
from tests.support.notifications import record


def answered(status: int, body: str = "", retry_after: float | None = None) -> SlackRefused:
    error = judge_webhook(status, body.encode(), retry_after)
    assert error is not None
    return error


NOT_SENT = SlackUnreachable(sent=False)
NO_ANSWER = SlackUnreachable(sent=True)
UNTRUSTED = SlackUnreachable(sent=False, is_untrusted=True)
GONE = answered(404, "no_service")
BAD_BLOCKS = answered(400, "invalid_blocks")
ODD = answered(200, "<html>")


@dataclass
class Slack:
    """Answers each destination from a script, and remembers the posts in their order."""

    clock: FakeClock
    answers: dict[str, list[Exception | None]] = field(default_factory=dict)
    always: dict[str, Exception] = field(default_factory=dict)
    takes: float = 0.0
    posts: list[tuple[str, str]] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    def post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        assert isinstance(credentials, Webhook)
        self.posts.append((credentials.url, message.text))
        self.timeouts.append(timeout)
        self.clock.now += self.takes
        answers = self.answers.get(credentials.url, [])
        answer = answers.pop(0) if answers else self.always.get(credentials.url)
        if answer is not None:
            raise answer


@dataclass
class Keys:
    """A webhook for each destination, its name for URL; errors and new webhooks when told."""

    errors: dict[str, Exception] = field(default_factory=dict)
    errors_again: dict[str, Exception] = field(default_factory=dict)
    renewed: dict[str, str] = field(default_factory=dict)
    asked_again: list[str] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    takes: float = 0.0

    def find(self, destination: str, _deadline: Deadline) -> Access:
        self.clock.now += self.takes
        if destination in self.errors:
            raise self.errors[destination]
        return Access(Webhook(destination), "1")

    def find_again(self, destination: str, _deadline: Deadline) -> Access | None:
        self.asked_again.append(destination)
        if destination in self.errors_again:
            raise self.errors_again[destination]
        return Access(Webhook(self.renewed[destination]), "2") if destination in self.renewed else None


@dataclass
class Road:
    """A delivery with a script at each end; every `deliver` is a batch of its own."""

    slack: Slack
    keys: Keys = field(default_factory=Keys)
    rows: MemoryRows = field(default_factory=MemoryRows)
    unanswered_limit: int = 5
    told: list[tuple[str, str]] = field(default_factory=list)

    def deliver(
        self, *names: str, to: str = "team", receives: int = 1, seconds: float = 55.0, hop: int = 0
    ) -> list[Outcome]:
        alerts = [
            Alert(
                record(message_id=name, receive_count=receives),
                SlackMessage(name, ({},)),
                SlackMessage(f"plain {name}"),
                f"line {name}",
                name,
                hop,
            )
            for name in names or ("a",)
        ]
        deadline = Deadline.after(seconds, clock=self.slack.clock)
        return [outcome for _, outcome in self.delivery().visit().deliver(to, alerts, deadline)]

    def delivery(self) -> Delivery:
        clock = self.slack.clock

        def tell(about: str, line: str, _deadline: Deadline) -> None:
            self.told.append((about, line))

        return Delivery(
            keyring=self.keys,
            post=self.slack.post,
            policy=SLACK_WEBHOOK.with_(classifier=classify, clock=clock, sleep=clock.sleep, uniform=longest),
            default="default",
            claims=Claims(rows=self.rows, lease=90.0, unanswered_limit=self.unanswered_limit, clock=clock),
            circuits=Circuits(rows=self.rows, first_pause=30.0, pause_cap=900.0, clock=clock),
            tell_ops=tell,
        )

    def state(self, name: str = "a", at: str = "team") -> State | None:
        """What the table says of an alert at a destination."""
        row = self.rows.read(claim_key(at, name))
        return None if row is None else row.state


@pytest.fixture
def road() -> Road:
    return Road(Slack(FakeClock()))


def test_each_alert_is_posted_once_and_in_order(road: Road) -> None:
    assert road.deliver("a", "b", "c") == [Delivered()] * 3
    assert road.slack.posts == [("team", "a"), ("team", "b"), ("team", "c")]


@pytest.mark.parametrize(
    ("error", "posts", "outcome"),
    [
        (answered(429, "rate_limited", 30.0), 1, Later(LaterReason.THROTTLED, 30.0)),
        (answered(429, "rate_limited"), 4, Later(LaterReason.THROTTLED, 30.0)),
        (answered(503, "", 60.0), 1, Later(LaterReason.THROTTLED, 60.0)),
        (answered(503), 4, Later(LaterReason.UNREACHABLE, 30.0)),
        (answered(500, "rollup_error"), 4, Later(LaterReason.UNREACHABLE, 30.0)),
        (answered(502), 4, Later(LaterReason.UNREACHABLE, 30.0)),
        (NOT_SENT, 4, Later(LaterReason.UNREACHABLE, 30.0)),
        (NO_ANSWER, 1, Later(LaterReason.UNANSWERED, 30.0)),
    ],
)
def test_what_passes_is_for_later_and_nobody_knocks_before_the_circuits_end(
    road: Road, error: Exception, posts: int, outcome: Later
) -> None:
    road.slack.always["team"] = error
    assert road.deliver("a", "b", "c") == [outcome, *[Later(LaterReason.CIRCUIT_OPEN, outcome.after)] * 2]
    assert road.deliver("b") == [Later(LaterReason.CIRCUIT_OPEN, outcome.after)]
    assert [(where, text.rpartition("\n")[2]) for where, text in road.slack.posts] == [("team", "a")] * posts
    assert road.told == []


@pytest.mark.parametrize(("error", "reason"), [(UNTRUSTED, LaterReason.TLS), (ODD, LaterReason.UNEXPECTED_ANSWER)])
def test_what_is_not_the_destinations_own_failure_stops_this_batch_and_opens_no_circuit(
    road: Road, error: Exception, reason: LaterReason
) -> None:
    road.slack.always["team"] = error
    assert road.deliver("a", "b") == [Later(reason)] * 2
    assert len(road.slack.posts) == 1
    road.deliver("b")
    assert len(road.slack.posts) == 2


def test_after_the_circuits_end_one_probe_decides_for_all(road: Road) -> None:
    road.slack.answers["team"] = [NO_ANSWER, NO_ANSWER]
    road.deliver("a")
    road.slack.clock.now += 30
    assert road.deliver("b", "c") == [Later(LaterReason.UNANSWERED, 60.0), Later(LaterReason.CIRCUIT_OPEN, 60.0)]
    road.slack.clock.now += 60
    assert road.deliver("b", "c") == [Delivered()] * 2
    assert road.deliver("d") == [Delivered()]


@pytest.mark.parametrize("answer", [BAD_BLOCKS, GONE])
def test_a_definite_answer_closes_the_circuit(road: Road, answer: Exception) -> None:
    road.slack.answers["team"] = [NO_ANSWER, answer]
    road.deliver("a")
    road.slack.clock.now += 30
    road.deliver("b")
    assert road.deliver("c") == [Delivered()]


def test_one_destination_that_fails_does_not_stop_another(road: Road) -> None:
    road.slack.always["team"] = NO_ANSWER
    road.deliver("a")
    assert road.deliver("b", to="other") == [Delivered()]


def test_d1_a_second_copy_is_a_duplicate_at_the_same_destination_only(road: Road) -> None:
    assert road.deliver("a", "a") == [Delivered(), Duplicate()]
    assert road.deliver("a") == [Duplicate()]
    assert road.deliver("a", to="other") == [Delivered()]
    assert len(road.slack.posts) == 2


def test_a_claim_that_another_invocation_holds_is_waited_for(road: Road) -> None:
    road.delivery().claims.claim("team", "a", 0)
    assert road.deliver("a") == [Later(LaterReason.IN_PROGRESS, 90.0)]
    assert road.slack.posts == []


def test_c3_what_was_claimed_and_never_ended_is_posted_again_with_a_mark(road: Road) -> None:
    road.delivery().claims.claim("team", "a", 0)
    road.slack.clock.now += 90
    assert road.deliver("a") == [Delivered()]
    assert road.slack.posts == [("team", f"{DOUBT}\na")]


@pytest.mark.parametrize(
    ("error", "is_marked"),
    [(NO_ANSWER, True), (answered(500), True), (answered(429, "", 60.0), False), (NOT_SENT, False)],
)
def test_a_second_post_is_marked_where_the_first_may_have_arrived(
    road: Road, error: Exception, *, is_marked: bool
) -> None:
    road.slack.always["team"] = error
    road.deliver("a")
    road.slack.always.clear()
    road.slack.clock.now += 900
    assert road.deliver("a") == [Delivered()]
    assert road.slack.posts[-1] == ("team", f"{DOUBT}\na" if is_marked else "a")


def test_a_retry_in_the_function_is_marked_too_where_the_attempt_before_may_have_arrived(road: Road) -> None:
    road.slack.answers["team"] = [answered(429), answered(500), answered(429), None]
    assert road.deliver("a") == [Delivered()]
    assert road.slack.posts == [("team", text) for text in ("a", "a", f"{DOUBT}\na", f"{DOUBT}\na")]


def test_after_five_posts_without_an_answer_it_is_parked_and_a_redriven_copy_may_try_again(road: Road) -> None:
    road.slack.always["team"] = NO_ANSWER
    outcomes = []
    for _ in range(5):
        outcomes += road.deliver("a")
        road.slack.clock.now += 3600
    assert outcomes == [
        *[Later(LaterReason.UNANSWERED, after) for after in (30.0, 60.0, 120.0, 240.0)],
        Park(ParkReason.DELIVERY_UNKNOWN, "unanswered"),
    ]
    [claim] = outcomes[-1].held if isinstance(outcomes[-1], Park) else []
    claim.park()
    assert road.deliver("a") == [Duplicate(is_parked=True)]
    road.slack.always.clear()
    assert road.deliver("a", hop=1) == [Delivered()]
    assert len(road.slack.posts) == 6


def test_a_duplicate_takes_no_probe_from_an_alert_that_could_use_it(road: Road) -> None:
    road.deliver("a")
    road.slack.answers["team"] = [NO_ANSWER]
    road.deliver("b")
    road.slack.clock.now += 30
    assert road.deliver("a") == [Duplicate()]
    assert road.deliver("b") == [Delivered()]


def test_leases_that_lapsed_count_as_posts_without_an_answer(road: Road) -> None:
    for _ in range(5):
        road.delivery().claims.claim("team", "a", 0)
        road.slack.clock.now += 90
    assert road.deliver("a") == [Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")]
    assert road.slack.posts == []


def test_suppress_parks_at_the_first_post_without_an_answer(road: Road) -> None:
    road.unanswered_limit = 1
    road.slack.always["team"] = NO_ANSWER
    assert road.deliver("a") == [Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")]


def test_statuses_take_back_what_the_claim_counted(road: Road) -> None:
    road.slack.always["team"] = answered(500)
    for _ in range(20):
        [outcome] = road.deliver("a")
        assert isinstance(outcome, Later)
        road.slack.clock.now += 3600


def test_a_passing_failure_ends_in_delivery(road: Road) -> None:
    road.slack.answers["team"] = [answered(500, "rollup_error"), answered(429, "rate_limited", 3.0)]
    assert road.deliver() == [Delivered()]
    assert road.slack.clock.slept[1] >= 3.0


def test_a_message_refused_as_blocks_goes_once_as_plain_text(road: Road) -> None:
    road.slack.answers["team"] = [BAD_BLOCKS]
    assert road.deliver("a", "b") == [Delivered()] * 2
    assert road.slack.posts == [("team", "a"), ("team", "plain a"), ("team", "b")]


def test_a_message_refused_as_plain_text_too_is_parked_and_stops_nobody(road: Road) -> None:
    road.slack.answers["team"] = [BAD_BLOCKS, answered(400, "no_text")]
    assert road.deliver("a", "b") == [Park(ParkReason.MESSAGE_REFUSED, "no_text"), Delivered()]
    assert len(road.slack.posts) == 3
    assert road.keys.asked_again == []


def test_a_webhook_that_was_changed_heals_by_itself(road: Road) -> None:
    road.slack.always["team"] = GONE
    road.keys.renewed["team"] = "new"
    assert road.deliver() == [Delivered()]
    assert road.slack.posts == [("team", "a"), ("new", "a")]


@pytest.mark.parametrize("error", [GONE, answered(302), answered(403, "invalid_token"), answered(401), answered(410)])
def test_what_a_destination_refuses_goes_to_the_default_without_a_second_knock(road: Road, error: Exception) -> None:
    road.slack.always["team"] = error
    assert road.deliver("a", "b") == [Delivered()] * 2
    assert road.state("a") is road.state("b") is road.state("a", "default") is State.POSTED
    note = "meant for team: refused"
    assert road.slack.posts == [("team", "a"), ("default", f"{note}\na"), ("default", f"{note}\nb")]
    assert road.keys.asked_again == ["team"]
    assert road.told == []


def test_where_the_default_refuses_too_it_is_parked_and_operations_are_told(road: Road) -> None:
    road.slack.always = {"team": GONE, "default": answered(410, "channel_is_archived")}
    assert road.deliver("a", "b") == [Park(ParkReason.DESTINATION_REFUSED, "no_service")] * 2
    assert road.slack.posts == [("team", "a"), ("default", "meant for team: refused\na")]
    assert road.told[0] == ("team", "Destination team: refused (no_service). line a")


def test_a_default_that_refuses_parks_at_once(road: Road) -> None:
    road.slack.always["default"] = GONE
    assert road.deliver(to="default") == [Park(ParkReason.DESTINATION_REFUSED, "no_service")]
    assert len(road.slack.posts) == 1


def test_where_the_default_is_for_later_so_is_the_record(road: Road) -> None:
    road.slack.always = {"team": GONE, "default": answered(429, "rate_limited", 40.0)}
    assert road.deliver() == [Later(LaterReason.THROTTLED, 40.0)]
    assert road.state() is State.FREE
    assert road.deliver() == [Later(LaterReason.CIRCUIT_OPEN, 40.0)]


def test_what_was_posted_by_the_default_before_a_crash_ends_as_a_duplicate(road: Road) -> None:
    road.slack.always["team"] = GONE
    road.deliver("a", to="default")
    assert road.deliver("a") == [Duplicate()]
    assert road.state() is State.POSTED


def test_a_secret_that_cannot_be_read_again_may_be_the_old_one_so_nothing_is_parked(road: Road) -> None:
    road.slack.always = {"team": GONE, "default": GONE}
    road.keys.errors_again["team"] = CredentialsUnavailable("ThrottlingException")
    assert road.deliver("a", "b") == [Later(LaterReason.SECRET_UNAVAILABLE)] * 2
    assert road.slack.posts == [("team", "a")]
    assert road.state() is State.FREE


def test_an_odd_answer_to_a_second_receive_counts_as_refused(road: Road) -> None:
    road.slack.always["team"] = ODD
    assert road.deliver(receives=2) == [Delivered()]
    assert [to for to, _ in road.slack.posts] == ["team", "default"]


@pytest.mark.parametrize("receives", [1, 2, 3])
def test_a_missing_secret_is_waited_for_at_first(road: Road, receives: int) -> None:
    road.keys.errors["team"] = CredentialsMissing("destination team: not there")
    assert road.deliver("a", "b", receives=receives) == [Later(LaterReason.SECRET_MISSING)] * 2
    assert road.slack.posts == []


def test_a_secret_missing_for_long_sends_to_the_default_and_tells_operations(road: Road) -> None:
    road.keys.errors["team"] = CredentialsMissing("destination team: not there")
    assert road.deliver(receives=4) == [Delivered()]
    assert road.slack.posts == [("default", "meant for team: no secret\na")]
    assert road.told == [("team", "Destination team: no secret (no_secret). line a")]


def test_without_the_defaults_own_secret_it_stays_for_later(road: Road) -> None:
    road.keys.errors["default"] = CredentialsMissing("destination default: not there")
    assert road.deliver(to="default", receives=20) == [Later(LaterReason.SECRET_MISSING)]


def test_a_secret_store_that_is_down_is_for_later_whatever_the_receive(road: Road) -> None:
    road.keys.errors["team"] = CredentialsUnavailable("ThrottlingException")
    outcomes = road.deliver("a", "b", receives=9)
    assert outcomes == [Later(LaterReason.SECRET_UNAVAILABLE)] * 2
    assert road.slack.posts == []


def test_no_post_gets_more_time_than_is_left(road: Road) -> None:
    road.slack.always["team"] = NOT_SENT
    road.slack.takes = 3.0
    road.deliver(seconds=10.0)
    assert road.slack.timeouts[0] == 8.0
    assert all(timeout <= 7.0 for timeout in road.slack.timeouts[1:])


def test_no_alert_is_started_without_the_time_for_an_attempt(road: Road) -> None:
    road.slack.takes = 3.0
    assert road.deliver("a", "b", "c", "d", seconds=6.2) == [Delivered()] * 2


@pytest.mark.parametrize("error", [TypeError, ValueError, KeyError])
def test_an_error_of_our_own_making_surfaces(road: Road, error: Callable[[], Exception]) -> None:
    road.slack.always["team"] = error()
    with pytest.raises(type(error())):
        road.deliver()


def test_what_the_default_has_parked_is_not_noted_as_posted_at_its_own(road: Road) -> None:
    claim = road.delivery().claims.claim("default", "a", 0)
    assert isinstance(claim, Claim)
    claim.park()
    road.slack.always["team"] = GONE
    assert road.deliver("a") == [Duplicate(is_parked=True)]
    assert road.state() is State.FREE
    road.slack.always.clear()
    assert road.deliver("a", hop=1) == [Delivered()]


def test_what_the_default_has_parked_can_come_back_whichever_copy_was_claimed_at_its_own(road: Road) -> None:
    claims = road.delivery().claims
    for destination, hop, end in (("team", 3, Claim.release), ("default", 2, Claim.park)):
        claim = claims.claim(destination, "a", hop)
        assert isinstance(claim, Claim)
        end(claim)
    road.slack.always["team"] = GONE
    assert road.deliver("a", hop=1) == [Duplicate(is_parked=True)]
    road.slack.always.clear()
    assert road.deliver("a", hop=3) == [Delivered()]


def test_doubt_goes_with_the_alert_to_the_default_destination(road: Road) -> None:
    road.slack.always["team"] = NO_ANSWER
    road.deliver("a")
    road.slack.clock.now += 900
    road.slack.always["team"] = GONE
    assert road.deliver("a") == [Delivered()]
    assert road.slack.posts[-1] == ("default", f"{DOUBT}\nmeant for team: refused\na")


def test_a_second_post_after_an_odd_answer_is_marked(road: Road) -> None:
    road.slack.answers["team"] = [ODD]
    road.deliver("a")
    assert road.deliver("a", receives=2) == [Delivered()]
    assert road.slack.posts[-1] == ("team", f"{DOUBT}\na")


def test_no_probe_is_taken_that_there_is_no_time_for(road: Road) -> None:
    road.slack.answers["team"] = [NO_ANSWER]
    road.deliver("a")
    road.slack.clock.now += 30
    road.keys.takes, road.keys.clock = 3.0, road.slack.clock
    assert road.deliver("a", seconds=3.2) == [Later(LaterReason.NOT_ATTEMPTED)]
    road.keys.takes = 0.0
    assert road.deliver("a") == [Delivered()]


def test_a_renewed_secret_is_knocked_at_like_any_other(road: Road) -> None:
    passage = road.delivery().circuits.enter("team", "2")
    assert isinstance(passage, Passage)
    road.slack.clock.now += passage.failed(None)
    other = road.delivery().circuits.enter("team", "2")
    assert isinstance(other, Passage)
    assert other.probe() is None
    road.slack.always["team"] = GONE
    road.keys.renewed["team"] = "new"
    assert road.deliver("a") == [Later(LaterReason.CIRCUIT_OPEN, 60.0)]
    assert road.slack.posts == [("team", "a")]
