"""The relations between the numbers of Timing, in each column of the transformed template."""

import re
from itertools import accumulate, repeat
from pathlib import Path

import pytest

from record_batch.admission import EXPIRES_AFTER
from routes.mute import LONGEST_MUTE
from slack_alerts.delivery.probing import LONGEST_LANE_PAUSE
from slack_alerts.muting import CHECK
from tests.support.stack.template import ACTIONS, EMAIL, Stack, paces, resolve, source

ROOT = Path(__file__).parents[3]
DAY = 86_400
SQS_LIMIT = 43_200  # a message is hidden for 12 h at most
JITTER = 1.25  # a delay is stretched by up to a quarter
LONGEST_RETRY_AFTER = 3_600  # seconds of a Retry-After that are obeyed
LONGEST_POST = 8  # seconds after which a post is cut
BATCH = 10
MOST_RECEIVES = 1_000  # the largest maxReceiveCount that SQS takes


@pytest.fixture(params=paces())
def pace(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def paced(pace: str) -> Stack:
    return resolve(Pace=pace, OpsEmail=EMAIL)


@pytest.fixture
def calling(pace: str) -> Stack:
    return resolve(Pace=pace, OpsEmail=EMAIL, **ACTIONS)


def delays(stack: Stack, first: str, cap: str) -> list[float]:
    """Return the shortest delays, one after each receive but the last."""
    doubled = accumulate(
        repeat(2, int(stack.timing["Receives"]) - 2), lambda delay, factor: delay * factor, initial=stack.timing[first]
    )
    return [min(stack.timing[cap], delay) for delay in doubled]


def test_pace_offers_the_columns_of_timing_and_each_row_has_them_all() -> None:
    template = source()
    assert template["Parameters"]["Pace"]["AllowedValues"] == paces()
    assert all(list(row) == paces() for row in template["Mappings"]["Timing"].values())


def test_each_number_of_timing_is_used(paced: Stack) -> None:
    used = re.findall(r"'Fn::FindInMap': \['Timing', '(\w+)'", str([source()["Globals"], source()["Resources"]]))
    assert sorted(set(used)) == sorted(paced.timing)


def variables(stack: Stack, function: str) -> dict[str, float]:
    """Return the lengths of time that a function gets."""
    parameters = stack[function]["Environment"]["Variables"]
    return {name: float(value) for name, value in parameters.items() if name.endswith("_SECONDS")}


KEPT_14_DAYS = ["AlertsDeadLetterQueue", "LanesQueue", "LanesDeadLetterQueue", "ParkingQueue"]


def test_each_resource_gets_its_number_from_the_column(calling: Stack) -> None:
    queue, lanes = calling["AlertsQueue"], calling["LanesQueue"]
    names = ("IntakeFunction", "SlackAlertsFunction", "ActionsFunction")
    intake, posts, calls = (variables(calling, name) for name in names)
    [kept] = {calling[name]["MessageRetentionPeriod"] for name in (*KEPT_14_DAYS, "ActionsQueue")}
    [long] = {calling[f"{name}Function"]["Timeout"] for name in ("Actions", "Redrive", "Notices")}
    [receives] = {calling[name]["RedrivePolicy"]["maxReceiveCount"] for name in ("AlertsQueue", "ActionsQueue")}
    assert calling.timing == {
        "FunctionTimeout": long,
        "Reserve": calls["RESERVE_SECONDS"],
        "Visibility": calling["ActionsQueue"]["VisibilityTimeout"],
        "FirstDelay": calls["FIRST_DELAY_SECONDS"],
        "DelayCap": calls["DELAY_CAP_SECONDS"],
        "Lease": calls["LEASE_SECONDS"],
        "CallTimeout": calls["CALL_TIMEOUT_SECONDS"],
        "Receives": receives,
        "IntakeTimeout": calling["IntakeFunction"]["Timeout"],
        "IntakeVisibility": queue["VisibilityTimeout"],
        "IntakeFirstDelay": intake["FIRST_DELAY_SECONDS"],
        "IntakeDelayCap": intake["DELAY_CAP_SECONDS"],
        "IntakeConcurrency": calling["IntakeFunctionAlerts"]["ScalingConfig"]["MaximumConcurrency"],
        "LaneTimeout": calling["SlackAlertsFunction"]["Timeout"],
        "LaneSeconds": posts["LANE_SECONDS"],
        "LaneLease": posts["LEASE_SECONDS"],
        "LaneVisibility": lanes["VisibilityTimeout"],
        "LaneReceives": lanes["RedrivePolicy"]["maxReceiveCount"],
        "PostInterval": posts["POST_INTERVAL_SECONDS"],
        "FirstPause": posts["FIRST_PAUSE_SECONDS"],
        "PauseCap": posts["PAUSE_CAP_SECONDS"],
        "DoubtPauseCap": posts["DOUBT_PAUSE_CAP_SECONDS"],
        "Retention": queue["MessageRetentionPeriod"],
        "DeadLetterRetention": kept,
    }


def test_functions_that_share_a_number_get_the_same(calling: Stack) -> None:
    functions = ("Intake", "SlackAlerts", "Redrive", "Notices", "Actions")
    parameters = [variables(calling, f"{name}Function") for name in functions]
    assert {one["RESERVE_SECONDS"] for one in parameters} == {calling.timing["Reserve"]}
    leases = [variables(calling, f"{name}Function")["LEASE_SECONDS"] for name in ("Intake", "Redrive", "Actions")]
    assert set(leases) == {calling.timing["Lease"]}


@pytest.mark.parametrize(
    ("queue", "function"), [("AlertsQueue", "IntakeFunction"), ("ActionsQueue", "ActionsFunction")]
)
def test_a_standard_queue_hides_a_message_for_six_function_timeouts(calling: Stack, queue: str, function: str) -> None:
    mappings = calling.of("AWS::Lambda::EventSourceMapping").values()
    [mapping] = [one for one in mappings if one["EventSourceArn"] == f"<{queue}.Arn>"]
    window = mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert calling[queue]["VisibilityTimeout"] >= 6 * calling[function]["Timeout"] + window


def test_each_function_keeps_time_to_answer_the_batch(paced: Stack) -> None:
    for timeout in ("FunctionTimeout", "IntakeTimeout", "LaneTimeout"):
        assert 0 < paced.timing["Reserve"] <= paced.timing[timeout] / 2


@pytest.mark.parametrize(
    ("timeout", "lease", "visibility"),
    [
        ("FunctionTimeout", "Lease", "Visibility"),
        ("IntakeTimeout", "Lease", "IntakeVisibility"),
        ("LaneTimeout", "LaneLease", "LaneVisibility"),
    ],
)
def test_a_lease_outlasts_its_invocation_and_ends_before_the_message_is_received_again(
    paced: Stack, timeout: str, lease: str, visibility: str
) -> None:
    assert paced.timing[timeout] < paced.timing[lease] < paced.timing[visibility]


def test_a_crash_blocks_its_lane_for_two_leases_at_most(paced: Stack) -> None:
    assert paced.timing["LaneVisibility"] <= 2 * paced.timing["LaneLease"]


def test_a_lane_has_ended_before_the_reserve_begins(paced: Stack) -> None:
    assert paced.timing["LaneSeconds"] < paced.timing["LaneTimeout"] - paced.timing["Reserve"]


def test_with_the_standard_pace_a_post_that_begins_last_ends_before_the_reserve() -> None:
    timing = resolve(Pace="standard").timing
    assert timing["LaneSeconds"] + LONGEST_POST <= timing["LaneTimeout"] - timing["Reserve"]


def test_a_lane_has_time_for_a_full_batch_at_the_pace_of_slack(paced: Stack) -> None:
    assert 0 < paced.timing["PostInterval"] * BATCH <= paced.timing["LaneSeconds"]


def test_pauses_of_a_lane_grow_and_those_in_doubt_grow_further(paced: Stack) -> None:
    first, cap, doubt = (paced.timing[row] for row in ("FirstPause", "PauseCap", "DoubtPauseCap"))
    assert 0 < first < cap < doubt
    assert max(doubt, LONGEST_RETRY_AFTER) * JITTER + paced.timing["LaneTimeout"] < SQS_LIMIT


def test_with_the_standard_pace_spent_alerts_pause_their_lane_no_longer_than_others_in_doubt() -> None:
    assert resolve(Pace="standard").timing["DoubtPauseCap"] == LONGEST_LANE_PAUSE


def test_h24_a_mute_of_seven_days_takes_fewer_receives_than_make_a_dead_letter() -> None:
    timing = resolve(Pace="standard").timing
    assert 0.7 * timing["LaneReceives"] >= LONGEST_MUTE / CHECK + 2
    assert LONGEST_MUTE + CHECK < EXPIRES_AFTER < timing["DeadLetterRetention"]


def test_every_queue_but_that_of_intake_keeps_a_message_for_14_days(calling: Stack) -> None:
    kept = {name: one["MessageRetentionPeriod"] for name, one in calling.of("AWS::SQS::Queue").items()}
    assert kept.pop("AlertsQueue") == 7 * DAY
    assert set(kept.values()) == {14 * DAY}


def test_logs_are_kept_at_least_as_long_as_dead_letters(paced: Stack) -> None:
    least = min(source()["Parameters"]["LogRetentionDays"]["AllowedValues"])
    assert least * DAY >= paced["AlertsDeadLetterQueue"]["MessageRetentionPeriod"]


DELAYS = [("FirstDelay", "DelayCap", "FunctionTimeout"), ("IntakeFirstDelay", "IntakeDelayCap", "IntakeTimeout")]


@pytest.mark.parametrize(("first", "cap", "timeout"), DELAYS)
def test_a_delay_grows_and_stays_below_the_longest_visibility_timeout(
    paced: Stack, first: str, cap: str, timeout: str
) -> None:
    assert 0 < paced.timing[first] < paced.timing[cap]
    assert max(paced.timing[cap], LONGEST_RETRY_AFTER) * JITTER + paced.timing[timeout] < SQS_LIMIT


@pytest.mark.parametrize(("cap", "timeout"), [one[1:] for one in DELAYS])
def test_a_message_dies_by_count_and_not_by_age(paced: Stack, cap: str, timeout: str) -> None:
    slowest = max(paced.timing[cap], LONGEST_RETRY_AFTER) * JITTER + paced.timing[timeout]
    assert paced.timing["Receives"] * slowest < paced.timing["Retention"] / 2


def test_a_message_is_received_more_than_twice_before_it_is_dead(paced: Stack) -> None:
    # AWS advises five; with quick a demonstration must soon reach the dead-letter queue.
    assert paced.timing["Receives"] >= 3


def test_with_the_standard_pace_a_message_is_received_at_least_five_times() -> None:
    assert resolve(Pace="standard").timing["Receives"] >= 5


def test_an_outage_of_three_hours_before_the_lanes_needs_no_redrive() -> None:
    stack = resolve(Pace="standard")
    assert sum(delays(stack, "IntakeFirstDelay", "IntakeDelayCap")) >= 3.3 * 3600
    assert sum(delays(stack, "FirstDelay", "DelayCap")) >= 3.7 * 3600


def test_with_the_standard_pace_50_batches_of_intake_take_a_storm() -> None:
    assert resolve(Pace="standard").timing["IntakeConcurrency"] >= 50


def test_a_paused_lane_keeps_an_alert_for_sixteen_hours() -> None:
    timing = resolve(Pace="standard").timing
    assert timing["LaneReceives"] == MOST_RECEIVES
    # The first pauses are shorter, by some seconds in all.
    assert timing["LaneReceives"] * timing["PauseCap"] >= 16.5 * 3600


def test_standard_is_the_default_pace() -> None:
    assert source()["Parameters"]["Pace"]["Default"] == "standard"
