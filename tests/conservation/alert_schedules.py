"""Random schedules of alerts."""

from hypothesis import strategies as st

from tests.conservation import faults as fault
from tests.conservation.alert_schedule import PLAIN_ONLY, REFUSED, AlertSchedule, PublishedAlert
from tests.support.virtual import slack_behaviours as slack
from tests.support.virtual.alarm_change import AlarmChange
from tests.support.virtual.alert_messages import DEFAULT, DIES_EARLY, DIES_LATE, TEAM
from tests.support.virtual.faults import BROKEN, DENIED, THROTTLED, unanswered, unreachable
from tests.support.virtual.operations import Moment
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.table import table_down

FAILING = (
    slack.unanswered(posts=True),
    slack.unanswered(posts=True),
    slack.unanswered(posts=False),
    slack.broken(posts=True),
    slack.broken(posts=False),
    slack.UNAVAILABLE,
    slack.throttled(1.0),
    slack.throttled(60.0),
    slack.throttled(),
    slack.NOT_CONNECTED,
    slack.NO_HANDSHAKE,
    slack.Behaviour(posts=True, seconds=7.0),
)
ANSWERS = (
    *FAILING,
    slack.OK,
    slack.OK,
    slack.UNEXPECTED,
    slack.REFUSED_MESSAGE,
    slack.REFUSED_MESSAGE,
    slack.REFUSED_DESTINATION,
)
TABLE = (table_down(), table_down(0.0), table_down(takes_effect=True), table_down(0.0, takes_effect=True))
AWS = (THROTTLED, BROKEN, DENIED, unreachable(), unanswered(takes_effect=False), unanswered(takes_effect=True))
HANGS = unreachable(100.0)
OPERATIONS = {
    "table": ("swap", "read", "remove", ""),
    "ssm": ("",),
    "sns": ("",),
    "sts": ("",),
    "sqs": (
        "send_message",
        "send_message_batch",
        "send_message_batch",
        "change_message_visibility_batch",
        "change_message_visibility_batch",
        "delete_message_batch",
    ),
}


def one_in[T](*strategies: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """Draw from one of the strategies, each equally often; st.one_of flattens unions and drops repetitions."""
    return st.sampled_from(strategies).flatmap(lambda strategy: strategy)


instants = st.sampled_from((0.0, 0.0, 0.05, 0.15, 0.3, 1.0, 5.0, 35.0, 100.0, 400.0, 1000.0, 3000.0))
lengths = st.sampled_from((2.0, 20.0, 100.0, 400.0, 1200.0, 3600.0))
destinations = st.sampled_from((DEFAULT, TEAM))
ordinals = st.lists(st.integers(1, 20), min_size=1, max_size=4).map(tuple)


def calls_fail(service: str) -> st.SearchStrategy[fault.CallsFail]:
    failures = (*(TABLE if service == "table" else AWS), None, HANGS) if service != "table" else (*TABLE, None)
    script = st.lists(st.sampled_from(failures), min_size=1, max_size=6).map(tuple)
    return st.builds(fault.CallsFail, st.just(service), st.sampled_from(OPERATIONS[service]), script)


def service_down(service: str) -> st.SearchStrategy[fault.ServiceDown]:
    failures = TABLE if service == "table" else AWS
    return st.builds(fault.ServiceDown, st.just(service), instants, lengths, st.sampled_from(failures))


crash_points = st.sampled_from(
    ("", "", "slack.post", "table.swap", "sqs.send_message", "sqs.send_message_batch", "sqs.delete_message_batch")
)
clock_jumps = st.builds(fault.ClockJumps, instants, st.sampled_from((-3600.0, -100.0, -20.0, 20.0, 100.0, 3600.0)))
slack_answers = st.builds(fault.SlackAnswers, st.lists(st.sampled_from(ANSWERS), min_size=2, max_size=12).map(tuple))
slack_down = st.builds(
    fault.SlackDown, instants, lengths, st.sampled_from((*FAILING, slack.REFUSED_DESTINATION)), destinations
)
entries_fail = st.builds(
    fault.CallsFail,
    st.just("sqs"),
    st.sampled_from(
        ("send_message_batch.entry", "change_message_visibility_batch.entry", "delete_message_batch.entry")
    ),
    st.lists(st.sampled_from((THROTTLED, BROKEN, DENIED, None)), min_size=1, max_size=12).map(tuple),
)
faults: st.SearchStrategy[fault.Fault[SlackAlerts]] = st.one_of(
    slack_answers,
    slack_down,
    calls_fail("table"),
    calls_fail("ssm"),
    calls_fail("sqs"),
    entries_fail,
    calls_fail("sns"),
    service_down("table"),
    service_down("ssm"),
    service_down("sqs"),
    st.builds(fault.Crash, st.integers(1, 40), st.sampled_from(Moment), crash_points),
    st.builds(fault.Crash, st.integers(1, 10), st.sampled_from(Moment), crash_points),
    st.builds(fault.Throttled, instants, lengths, st.integers(0, 1)),
    st.builds(fault.ResponsesLost, ordinals),
    st.builds(fault.DuplicateDelivery, ordinals),
    clock_jumps,
    st.builds(fault.SecretGone, instants, lengths, destinations, st.booleans()),
    st.builds(fault.SecretGone, instants, st.sampled_from((1200.0, 3600.0)), st.just(TEAM), st.booleans()),
    st.builds(fault.Redrive, st.sampled_from((300.0, 1000.0, 2000.0, 8000.0, 20_000.0)), st.booleans()),
    st.builds(fault.ColdStarts, instants),
)
words = st.sampled_from(("",) * 12 + (REFUSED, PLAIN_ONLY, DIES_EARLY, DIES_LATE))
late_words = st.sampled_from(("",) * 12 + (REFUSED, PLAIN_ONLY, DIES_LATE))
"""Without DIES_EARLY: intake sends such an alert on as text, and a text has no thread."""
again = st.lists(st.sampled_from((0.0, 0.1, 5.0, 50.0, 500.0, 2500.0)), max_size=2).map(tuple)
changes = st.builds(
    AlarmChange,
    st.sampled_from(("cpu", "cpu", "cpu", "disk")),
    st.sampled_from(("ALARM", "ALARM", "OK", "INSUFFICIENT_DATA")),
    st.integers(0, 2**31).map(float),
)
published = st.builds(PublishedAlert, st.sampled_from((0.0, 0.0, 0.5, 3.0, 60.0, 600.0)), destinations, words, again)
published_changes = st.builds(
    PublishedAlert, st.sampled_from((0.0, 0.0, 0.5, 3.0, 60.0, 600.0)), destinations, late_words, again, changes
)
thread_faults = st.one_of(
    st.builds(fault.MessagesDeleted, instants),
    st.builds(fault.SlackAnswers, st.lists(st.sampled_from((slack.OK, slack.NO_PLACE)), min_size=2).map(tuple)),
    st.builds(fault.EditAnswers, st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=9).map(tuple)),
)
followed_faults = one_in(faults, faults, faults, thread_faults)
distinct_changes = (
    st.lists(published_changes, min_size=2, max_size=5, unique_by=lambda one: one.change)
    | st.lists(published_changes, min_size=6, max_size=9, unique_by=lambda one: one.change)
).map(tuple)
follows = st.sampled_from(("update", "update", "thread"))
followed_schedules = st.builds(
    AlertSchedule,
    st.integers(0, 2**16),
    distinct_changes,
    (st.lists(followed_faults, max_size=3) | st.lists(followed_faults, min_size=4, max_size=9)).map(tuple),
    follows,
)
"""Changes of two alarms, in any order, at destinations with bot tokens."""
schedules = st.builds(
    AlertSchedule,
    st.integers(0, 2**16),
    (
        st.lists(published, min_size=1, max_size=2)
        | st.lists(published, min_size=3, max_size=6)
        | st.lists(published, min_size=11, max_size=13)
    ).map(tuple),
    (st.lists(faults, max_size=3) | st.lists(faults, min_size=4, max_size=9)).map(tuple),
)
mutes = st.builds(
    fault.MuteChanged, instants, st.sampled_from((0.0, 30.0, 600.0)), st.sampled_from((0.0, 0.0, 60.0, 900.0, 3600.0))
)
muted_for = st.sampled_from((5.0, 60.0, 1000.0, 3600.0))
muted_texts = st.builds(
    AlertSchedule,
    st.integers(0, 2**16),
    (st.lists(published, min_size=1, max_size=4) | st.lists(published, min_size=11, max_size=13)).map(tuple),
    st.lists(one_in(mutes, faults), max_size=4).map(tuple),
    muted_for=muted_for,
)
muted_changes = st.builds(
    AlertSchedule,
    st.integers(0, 2**16),
    distinct_changes,
    st.lists(one_in(mutes, thread_faults, faults), max_size=4).map(tuple),
    follows,
    muted_for=muted_for,
)
muted_schedules = muted_texts | muted_changes
"""All routes are muted from the beginning on; the mute may change while alerts wait."""
