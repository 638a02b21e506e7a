"""Section D of the fault catalogue, at random: any body is posted, parked or reported, and the handler never raises."""

import json
import logging
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws_events.event_reading import read_event
from aws_events.record import Record
from notifications.parsing import parse
from tests.integration.faults.conftest import ALARM, HOUR, Pipeline
from tests.support.samples.events import alarm_message, lane_record, sns_body, sqs_event
from tests.support.slack.destination_kinds import KINDS
from tests.support.slack.in_process import FATES, InProcessSlack

MEBIBYTE = 2**20


class Body(str):
    """A long text with a short repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{self[:60]!r} and so on, {len(self):,} characters"


NAMES = st.sampled_from(
    [
        *json.loads(alarm_message()),
        *json.loads(alarm_message())["Trigger"],
        *("Metrics", "MetricStat", "AlarmRule", "TriggeringChildren", "AlarmContributorAttributes"),
        *("detail-type", "detail", "source", "resources", "time"),
        *("Type", "MessageId", "TopicArn", "Message", "Subject"),
    ]
)
TEXT = st.text(st.characters(codec=None))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(["ALARM", "OK", 10**400])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXT, inner, max_size=6), max_leaves=20
)
ALARMS = st.dictionaries(NAMES, JSON, max_size=4).map(lambda changes: alarm_message(**changes))
DEEP = st.builds(
    lambda opening, inner, closing, depth: Body((opening * depth + inner + closing * depth)[:MEBIBYTE]),
    *(st.sampled_from(["[", '{"a":', '[{"Trigger":', '{"AlarmName":"x","NewStateValue":"OK","Trigger":']),
      st.sampled_from(["", "1", '"x"']), st.sampled_from(["", "]", "}", "}]"])),
    depth=st.sampled_from([10, 900, 1100, 30_000]),
)  # fmt: skip
LONG = st.builds(
    lambda unit, shape: shape.replace("%", unit * ((MEBIBYTE - len(shape)) // len(unit.encode()))),
    st.sampled_from(
        ["x", "&", "😀", "\u0301", "👨\u200d👩\u200d👧", "x ", "\n", "\\u0000", "<!here>", "T", "/services/"]
    ),
    st.sampled_from(["%", '"%"', '{"detail-type":"%"}', '{"AlarmName":"%","NewStateValue":"ALARM"}', '{"%":["%"]}']),
).map(lambda text: Body(text[:MEBIBYTE]))
HALF = re.compile("[\ud800-\udfff]")
"""A lone surrogate cannot be encoded: SQS never delivers or accepts it."""
BYTES = st.binary(max_size=400)
BODIES = st.one_of(
    TEXT,
    BYTES.map(lambda data: data.decode("latin-1")),
    BYTES.map(lambda data: data.decode("utf-8", "replace")),
    JSON.map(json.dumps),
    ALARMS,
    st.just(ALARM),
    st.one_of(*[JSON.map(json.dumps)] * 9, DEEP),
    st.one_of(*[ALARMS] * 19, LONG),
)


def envelope(body: str) -> str:
    """Return the body as SNS sends it, unless that is too long."""
    wrapped = Body(sns_body(body))
    return wrapped if len(wrapped) <= MEBIBYTE else body


def identities(bodies: list[str]) -> list[str]:
    """Return the identities that intake gives these alerts."""
    records = [one for one in read_event(sqs_event(*bodies)) if isinstance(one, Record)]
    assert len(records) == len(bodies)
    return [parse(record).identity for record in records]


@pytest.mark.parametrize("kind", [KINDS["webhook"]], ids=["either"])  # both kinds differ only in the post
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=250)
@given(bodies=st.lists(BODIES, max_size=5), wrap=st.sampled_from([str, envelope]), fate=st.sampled_from(FATES))
def test_d4_any_body_is_posted_parked_or_reported(
    plain: Pipeline, caplog: pytest.LogCaptureFixture, bodies: list[str], wrap: Callable[[str], str], fate: str
) -> None:
    caplog.set_level(logging.INFO)  # debug lines of libraries cost half the time
    slack, stack = InProcessSlack(fate), plain.stack
    stack.post, stack.sqs.deleted = slack.post, []
    stack.passed += HOUR
    stack.clear_table()
    sent = list(map(wrap, bodies))
    known = identities(sent)
    numbered = enumerate(zip(sent, known, strict=True), start=1)
    response = stack.handle({"Records": [lane_record(body, number, identity=one) for number, (body, one) in numbered]})
    left = {int(item["itemIdentifier"][1:]) for item in response["batchItemFailures"]}
    ended = {int(handle[1:]) for handle in stack.sqs.deleted}
    assert sorted([*left, *ended]) == list(range(1, len(sent) + 1))
    parked, firsts = len(stack.take_parked()), len(set(known))
    match fate:
        case "taken":
            assert (len(slack.taken), parked, left) == (1 if firsts >= stack.digest_from else firsts, 0, set())
        case "refused as blocks":
            assert (len(slack.taken), parked, left) == (firsts, 0, set())
        case "refused" | "no destination":
            assert parked == len({known[number - 1] for number in ended})
            assert not left or any(HALF.search(sent[number - 1]) for number in left)
        case _:
            assert (len(slack.taken), parked, ended) == (0, 0, set())
