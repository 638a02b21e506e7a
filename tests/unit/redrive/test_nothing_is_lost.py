"""Whatever the letters are, and whatever fails on the way: each is in exactly one queue, or in two after a failure."""

import json
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from record_batch.circuit import Circuits
from record_batch.claims import Claims
from record_batch.memory_rows import MemoryRows
from record_batch.parking import Parking
from redrive.app import Steps, redrive
from redrive.judging import Judge
from redrive.models import Request, Source
from redrive.moves import Mover
from redrive.undelivered import Undelivered
from redrive.versions import Versions
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from slack_alerts.routing import Router
from tests.support.events import alarm_message, sns_body
from tests.support.scripted_store import ScriptedStore, refusal
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.world import World

QUEUES = ("alerts", "dead", "parking")
DESTINATIONS = ("default", "team", "nowhere")
ROUTES = {"routes": [{"match": {"alarm": f"{name}*"}, "destination": name} for name in DESTINATIONS]}


class Secrets:
    """`nowhere` has none."""

    def version(self, name: str) -> str:
        return "" if name.endswith("nowhere") else "1"


class Failing:
    """An SQS client whose calls fail as the dice say, some after they have taken effect."""

    def __init__(self, sqs: object, dice: list[int]) -> None:
        self.sqs = sqs
        self.dice = dice
        self.failures = 0

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 - boto3's
            thrown = self.dice.pop() if self.dice and operation != "receive_message" else 0
            if thrown == 1:
                self.failures += 1
                raise refusal("ServiceUnavailable", 503)
            answer = getattr(self.sqs, operation)(**request)
            if thrown == 2:
                self.failures += 1
                raise refusal("ServiceUnavailable", 503)
            return answer

        return call


bodies = st.one_of(
    st.text('<&"é漢 {[', min_size=1),
    st.sampled_from(DESTINATIONS).map(lambda name: sns_body(alarm_message(AlarmName=name), message_id=name)),
    st.sampled_from(["null", "[]", '{"an": "event"}', "[" * 2_000]),
)
carrying = st.none() | st.fixed_dictionaries(
    {"hop": st.integers(0, 5), "reason": st.sampled_from(["message_refused", "keeps_failing"])}
)
requests = st.builds(
    Request,
    source=st.sampled_from(Source),
    is_dry_run=st.booleans(),
    reasons=st.just(frozenset()) | st.just(frozenset({"keeps_failing"})),
    limit=st.integers(0, 5) | st.just(100),
)


@settings(deadline=None)  # how long one takes is the machine's affair
@given(
    letters=st.lists(st.tuples(bodies, carrying), max_size=8, unique_by=itemgetter(0)),  # a second copy may leave
    asked=st.lists(requests, min_size=1, max_size=4),
    down=st.sets(st.sampled_from(["default", "team"])),
    dice=st.lists(st.integers(0, 4), max_size=40),
)
def test_each_letter_is_in_one_queue_or_after_a_failure_in_two(
    letters: list[tuple[str, dict[str, Any] | None]], asked: list[Request], down: set[str], dice: list[int]
) -> None:
    with World() as world:
        sqs = VirtualSqs(world.service("sqs"))
        alerts, dead, parking = (VirtualQueue(name, world.scheduler, retention=1e9) for name in QUEUES)
        alerts_url, dead_url, parking_url = map(sqs.add, (alerts, dead, parking))
        failing = Failing(sqs, dice)
        rows = MemoryRows()
        circuits = Circuits(rows=rows, first_pause=30, pause_cap=900, clock=world.wall)
        for destination in down:
            passage = circuits.enter(destination, "1")
            assert not hasattr(passage, "reason")
            passage.failed(None)
        claims = Claims(rows=rows, lease=90, clock=world.wall)

        def new_mover(source: Source) -> Mover:
            url = dead_url if source is Source.DEAD_LETTERS else parking_url
            store = ScriptedStore([json.dumps(ROUTES)])
            router = Router(
                default_destination="default", store=store, parameter="r", policy=AWS_READ, on_trouble=lambda _: None
            )
            return Mover(
                queue=Undelivered(sqs=failing, url=url, hidden=90, grace=2.5),
                sqs=failing,
                to_url=alerts_url,
                to_arn=alerts.arn,
                parking=Parking(failing, parking_url),
                claims=claims,
                judge=Judge(router=router, circuits=circuits, versions=Versions(Secrets(), "p", AWS_READ)),
                sleep=lambda _: None,
                clock=world.wall,
            )

        for number, (body, ours) in enumerate(letters):
            queue = (dead, parking)[number % 2]
            facts = {"DataType": "String", "StringValue": json.dumps((ours or {}) | {"alert_id": f"a{number}"})}
            queue.send(body, {"holdfast": facts, "place": {"DataType": "String", "StringValue": str(number)}})

        for request in asked:
            before = held(alerts, dead, parking)
            redrive(Steps(claims, new_mover, 5), request, Deadline.after(55))
            assert held(alerts, dead, parking) == before or not request.is_dry_run
            world.run(world.now + 91)  # whatever could not be shown again is visible by itself

        copies = held(alerts, dead, parking)
        assert copies.keys() == {(str(number), body) for number, (body, _) in enumerate(letters)}
        assert sum(copies.values()) - len(letters) <= failing.failures


def held(*queues: VirtualQueue) -> Counter[tuple[str, str]]:
    """(place, body) of each message, wherever it is."""
    return Counter(
        (message.attributes["place"]["StringValue"], message.body) for queue in queues for message in queue.messages()
    )
