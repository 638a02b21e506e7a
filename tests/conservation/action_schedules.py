"""Random schedules of requests."""

from hypothesis import strategies as st

from aws_actions.call_fields import LONGEST_EXPIRES_AFTER
from tests.conservation import faults as fault
from tests.conservation.action_schedule import ActionSchedule, CallKind, PublishedRequest, RulesChange
from tests.conservation.alert_schedules import (
    AWS,
    HANGS,
    calls_fail,
    clock_jumps,
    instants,
    lengths,
    ordinals,
    service_down,
)
from tests.support.virtual.aws_actions import DOCUMENT, NO_RULES, OTHER, UNFILLED, AwsActions
from tests.support.virtual.faults import DENIED, THROTTLED, unanswered, unreachable
from tests.support.virtual.operations import Moment

HANGING = (unanswered(10.0, takes_effect=True), unanswered(10.0, takes_effect=False))
"""Calls without an answer until their timeout."""
SCRIPT = (*AWS, *HANGING, HANGS, None)

answers = st.builds(
    fault.CallsFail, st.just("aws"), st.just(""), st.lists(st.sampled_from(SCRIPT), min_size=1).map(tuple)
)
aws_down = st.builds(
    fault.ServiceDown, st.just("aws"), instants, lengths | st.just(20_000.0), st.sampled_from((*AWS, *HANGING))
)
crash_points = st.sampled_from(
    ("", "", "aws.update_service", "aws.invoke", "table.swap", "sqs.send_message", "sqs.delete_message")
)
rules_change = st.builds(RulesChange, instants, st.sampled_from((DOCUMENT, NO_RULES, OTHER, UNFILLED)))
faults: st.SearchStrategy[fault.Fault[AwsActions]] = st.one_of(
    answers,
    aws_down,
    calls_fail("table"),
    calls_fail("table"),
    calls_fail("sqs"),
    calls_fail("sns"),
    calls_fail("ssm"),
    calls_fail("sts"),
    service_down("table"),
    service_down("sqs"),
    service_down("ssm"),
    service_down("sts"),
    st.builds(fault.Crash, st.integers(1, 40), st.sampled_from(Moment), crash_points),
    st.builds(fault.Crash, st.integers(1, 10), st.sampled_from(Moment), crash_points),
    st.builds(fault.Throttled, instants, lengths),
    st.builds(fault.ResponsesLost, ordinals),
    st.builds(fault.DuplicateDelivery, ordinals),
    clock_jumps,
    st.builds(fault.Redrive, st.sampled_from((100.0, 300.0, 1000.0, 8000.0)), st.booleans()),
    st.builds(fault.ColdStarts, instants),
    rules_change,
)
kinds = st.sampled_from((CallKind.ONCE,) * 4 + (CallKind.PARTLY,) * 2 + tuple(CallKind))
again = st.lists(st.sampled_from((0.0, 0.1, 5.0, 50.0, 500.0, 2500.0)), max_size=2).map(tuple)
requested = st.builds(
    PublishedRequest,
    st.sampled_from((0.0, 0.0, 0.5, 3.0, 60.0, 600.0)),
    kinds,
    st.sampled_from((None, None, 1.0, 60.0, 3600.0, float(LONGEST_EXPIRES_AFTER))),
    st.booleans(),
    again,
)
seeds = st.integers(0, 2**16)
anything = st.builds(
    ActionSchedule,
    seeds,
    (st.lists(requested, min_size=1, max_size=2) | st.lists(requested, min_size=3, max_size=6)).map(tuple),
    (st.lists(faults, max_size=3) | st.lists(faults, min_size=4, max_size=9)).map(tuple),
)
alarm = st.builds(PublishedRequest, st.sampled_from((0.0, 60.0)), st.just(CallKind.BY_RULE), again=again)
call_dies = st.builds(fault.Crash, st.integers(1, 2), st.sampled_from(Moment), st.just("aws.update_service"))
interrupted = st.builds(
    ActionSchedule,
    seeds,
    st.tuples(alarm),
    st.tuples(call_dies, rules_change) | st.tuples(call_dies, rules_change, faults),
)
"""An alarm whose call was interrupted, and which may match another rule at its redelivery."""
patient = st.builds(PublishedRequest, st.just(0.0), kinds, st.just(float(LONGEST_EXPIRES_AFTER)))
never_done = st.builds(
    fault.ServiceDown,
    st.just("aws"),
    st.just(0.0),
    st.just(20_000.0),
    st.sampled_from((THROTTLED, DENIED, unreachable())),
)
kept_waiting = st.builds(ActionSchedule, seeds, st.tuples(patient), st.tuples(never_done))
"""Requests with the longest expiry, which expire before their last receive."""
action_schedules = st.one_of(anything, interrupted, kept_waiting)
