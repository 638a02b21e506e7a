"""A request that aws_actions receives one or more times, in virtual time."""

from dataclasses import InitVar, dataclass, field
from datetime import timedelta

from aws_actions.calling.calling import Calling
from aws_actions.models import AlarmWithoutRule, Request
from outcomes.outcome import Outcome, Park
from retry_policies import Deadline
from shared_state.claim_rows import claim_key
from shared_state.claims import Claims
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row
from tests.unit.aws_actions.builders import NOON, Answer, ScriptedAws

ALARM = AlarmWithoutRule("k1")
ALLOWED = "ecs:UpdateService,lambda:InvokeFunction,ssm:GetParameter"


@dataclass
class World:
    """A request, received one or more times, at noon at first."""

    request: Request
    answers: InitVar[list[Answer]]
    rows: MemoryRows = field(default_factory=MemoryRows)
    allowed: InitVar[str] = ALLOWED
    seconds: float = 0.0
    """Since noon."""
    published: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self, answers: list[Answer], allowed: str) -> None:
        self.aws = ScriptedAws([*answers], allowed)
        self.calling = Calling(
            actions=self.aws.actions(),
            claims=Claims(rows=self.rows, lease=90.0, clock=lambda: NOON.timestamp() + self.seconds),
            publish_outcome=self._publish,
            now=lambda: NOON + timedelta(seconds=self.seconds),
        )

    def call(self, *, hop: int = 0, parks: bool = True) -> Outcome:
        """Receive the request, and end claims as the batch loop does."""
        outcome = self.calling.call(self.request, hop, self.aws.time.deadline(50))
        if isinstance(outcome, Park):
            for claim in outcome.claims:
                claim.park() if parks else claim.release()
            if parks:
                outcome.on_parked()
        return outcome

    def skip(self) -> Outcome:
        return self.calling.skip(ALARM, 0)

    def die(self) -> "World":
        self.calling.claims.claim(self.request.scope, "k1", 0)
        return self

    @property
    def row(self) -> Row:
        row = self.rows.read(claim_key(self.request.scope, "k1"))
        assert row is not None
        return row

    def _publish(
        self, request: Request, outcome: str, deadline: Deadline, *, code: str = "", request_id: str = ""
    ) -> None:
        assert request == self.request
        assert deadline.remaining() > 0
        self.published.append((outcome, code, request_id))
