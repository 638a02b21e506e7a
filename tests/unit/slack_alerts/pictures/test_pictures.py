"""Pictures after the delivery: which alerts get one, and that no failure reaches an alert."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from holdfast_cli.kinds import SAMPLES
from notifications.parsing import parse
from retry_policies import Deadline
from slack_alerts.models import BotToken, Place
from slack_alerts.pictures.failure import NoPicture, Reason
from slack_alerts.pictures.pictures import CLOSED_FOR, PER_INVOCATION, PICTURES_TIME, Pictures
from slack_alerts.slack.upload import File
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record
from tests.support.steps.clock import FakeClock

BOT = BotToken("xoxb-canary", "C0OPS")
PLACE = Place("C0OPS", "1.000001")


@dataclass
class Fakes:
    """Pictures over a drawing and an upload that a test can let fail; `seconds` is the time of one of them."""

    fault: Callable[[str], None] = lambda _step: None
    seconds: float = 0.5
    clock: FakeClock = field(default_factory=FakeClock)
    drawn: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pictures = Pictures(
            account="123456789012", region="eu-west-1", draw=self.draw, upload=self.upload, clock=self.clock
        )

    def draw(self, graph: str, deadline: Deadline) -> bytes:
        self._step("draw", deadline)
        self.drawn.append(graph)
        return b"picture"

    def upload(self, credentials: BotToken, place: Place, file: File, deadline: Deadline) -> None:
        assert (credentials, place) == (BOT, PLACE)
        self._step("upload", deadline)
        self.files.append(file)

    def _step(self, name: str, deadline: Deadline) -> None:
        if deadline.remaining() < self.seconds:
            raise NoPicture(Reason.NO_TIME)
        self.clock.now += self.seconds
        self.fault(name)

    def want(self, *texts: str) -> None:
        for text in texts:
            self.pictures.want(BOT, PLACE, parse(record(text, message_id="m1", sns_message_id="sns-1")))

    def post(self, seconds: float = 25.0) -> None:
        self.pictures.post(Deadline.after(seconds, clock=self.clock))


def expression_alarm(expression: str) -> str:
    """Return an alarm of one expression."""
    return alarm_message(Trigger={"Metrics": [{"Id": "e1", "Expression": expression, "ReturnData": True}]})


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


def reasons(printed: str) -> list[str]:
    """Return the reasons of the metric."""
    lines = [json.loads(line) for line in printed.splitlines() if "PicturesNotPosted" in line]
    return [line["reason"] for line in lines]


def test_an_alarm_gets_the_graph_of_its_metric(fakes: Fakes) -> None:
    fakes.want(alarm_message())
    fakes.post()
    [graph] = fakes.drawn
    assert json.loads(graph)["metrics"][0][:2] == ["AWS/Lambda", "Errors"]
    [file] = fakes.files
    assert (file.name, file.title, file.data) == ("alarm.png", "checkout-errors", b"picture")
    assert file.alt_text.startswith("Graph from ")


@pytest.mark.parametrize(
    "text",
    [
        alarm_message(NewStateValue="OK"),
        alarm_message(NewStateValue="INSUFFICIENT_DATA"),
        "a text",
        *(
            (SAMPLES / f"{name}.json").read_text()
            for name in ("alarm-composite", "alarm-promql", "alarm-configuration")
        ),
    ],
)
def test_other_messages_get_none_and_it_is_no_failure(
    fakes: Fakes, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.want(text)
    fakes.post()
    assert (fakes.drawn, reasons(capsys.readouterr().out)) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        alarm_message(AWSAccountId="444455556666"),
        alarm_message(AlarmArn="arn:aws:cloudwatch:us-east-1:123456789012:alarm:x"),
        (SAMPLES / "alarm-math.json").read_text().replace("111122223333", "123456789012"),
        expression_alarm('lambda ("connector", "x")'),
        expression_alarm("SELECT AVG(Errors) FROM \"AWS/Lambda\" WHERE AWS.AccountId = '444455556666'"),
        expression_alarm("SUM(SEARCH(':aws.accountid=444455556666 Errors', 'Sum', 60))"),
        expression_alarm("DB_PERF_INSIGHTS('RDS', 'db-1', 'os.cpuUtilization.user.avg')"),
    ],
)
def test_a_metric_of_another_account_or_region_is_not_read(
    fakes: Fakes, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.want(text)
    fakes.post()
    assert (fakes.drawn, reasons(capsys.readouterr().out)) == ([], ["elsewhere"])


def test_an_expression_of_this_account_is_drawn(fakes: Fakes) -> None:
    fakes.want(expression_alarm("100 * errors / requests"))
    fakes.post()
    assert len(fakes.drawn) == 1


def test_a_picture_is_posted_once(fakes: Fakes) -> None:
    fakes.want(alarm_message())
    fakes.post()
    fakes.post()
    assert len(fakes.files) == 1


def test_an_invocation_posts_a_few_pictures(fakes: Fakes, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.want(*[alarm_message()] * (PER_INVOCATION + 2))
    fakes.post()
    assert len(fakes.files) == PER_INVOCATION
    assert reasons(capsys.readouterr().out) == ["no_time"] * 2


@pytest.mark.parametrize("left", [-1.0, 0.4, 25.0])
def test_pictures_end_before_the_deadline_and_within_their_own_time(fakes: Fakes, left: float) -> None:
    fakes.seconds = 2.5
    fakes.want(*[alarm_message()] * PER_INVOCATION)
    began = fakes.clock.now
    fakes.post(left)
    assert fakes.clock.now - began <= min(max(left, 0.0), PICTURES_TIME)
    assert len(fakes.files) == (1 if left > PICTURES_TIME else 0)


def fails(step: str, error: Exception) -> Callable[[str], None]:
    def fault(name: str) -> None:
        if name == step:
            raise error

    return fault


FAILURES = [
    *(NoPicture(reason, "code") for reason in Reason),
    ValueError("https://files.slack.com/upload/v1/canary"),
    KeyError("x"),
    RecursionError(),
]


@pytest.mark.parametrize("step", ["draw", "upload"])
@pytest.mark.parametrize("error", FAILURES, ids=repr)
def test_each_failure_is_one_metric_and_one_line_and_no_error(
    fakes: Fakes,
    step: str,
    error: Exception,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    fakes.fault = fails(step, error)
    fakes.want(alarm_message())
    fakes.post()
    printed = capsys.readouterr().out
    reason = error.reason.value if isinstance(error, NoPicture) else "unexpected"
    assert reasons(printed) == [reason]
    [line] = caplog.records
    assert (line.getMessage(), vars(line)["reason"]) == ("no picture", reason)
    assert "canary" not in f"{printed}{vars(line)}"


def test_h19_after_a_throttled_picture_none_is_tried_for_a_while(fakes: Fakes) -> None:
    fakes.fault = fails("draw", NoPicture(Reason.THROTTLED))
    fakes.want(*[alarm_message()] * 2)
    fakes.post()
    fakes.fault = lambda _: None
    fakes.want(alarm_message())
    fakes.post()
    assert fakes.drawn == []
    fakes.clock.now += CLOSED_FOR
    fakes.want(alarm_message())
    fakes.post()
    assert len(fakes.drawn) == 1


@pytest.mark.parametrize("reason", sorted({*Reason} - {Reason.THROTTLED}, key=str))
def test_h18_after_another_failure_the_next_alarm_tries_again(fakes: Fakes, reason: Reason) -> None:
    fakes.fault = fails("draw", NoPicture(reason, "AccessDenied"))
    fakes.want(alarm_message())
    fakes.post()
    fakes.fault = lambda _: None
    fakes.want(alarm_message())
    fakes.post()
    assert len(fakes.files) == 1


def test_a_wait_that_slack_asks_for_is_kept(fakes: Fakes) -> None:
    fakes.fault = fails("upload", NoPicture(Reason.THROTTLED, retry_after=600.0))
    fakes.want(alarm_message())
    fakes.post()
    fakes.clock.now += 590.0
    fakes.want(alarm_message())
    fakes.post()
    assert len(fakes.drawn) == 1


@pytest.mark.parametrize("changed_at", ["", "0001-01-01T00:00:00.000+0000", "9999-12-31T23:59:59.000+0000", "x"])
@pytest.mark.parametrize("threshold", [5.0, 1e400, None, "x"])
def test_a_strange_alarm_fails_nothing(fakes: Fakes, changed_at: str, threshold: object) -> None:
    trigger = {"MetricName": "Errors", "Namespace": "AWS/Lambda", "Period": 10**9, "Threshold": threshold}
    fakes.want(alarm_message(StateChangeTime=changed_at, Trigger=trigger))
    fakes.post()
    assert fakes.pictures.wanted == []
