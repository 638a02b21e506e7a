"""The numbers of Timing that depend on each other, held on the transformed template for each column."""

import re
from itertools import accumulate, repeat

import pytest

from tests.support.template import ACTIONS, EMAIL, Stack, paces, source, stack

DAY = 86_400
SQS_LIMIT = 43_200  # a message is hidden for 12 h at most
JITTER = 1.25  # a delay is stretched by up to a quarter
LONGEST_ASKED = 3_600  # the longest Retry-After that is obeyed


@pytest.fixture(params=paces())
def pace(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def paced(pace: str) -> Stack:
    return stack(Pace=pace, OpsEmail=EMAIL)


@pytest.fixture
def calling(pace: str) -> Stack:
    return stack(Pace=pace, OpsEmail=EMAIL, **ACTIONS)


def delays(made: Stack) -> list[float]:
    """The least delays after each receive but the last."""
    first, cap, receives = (made.timing[row] for row in ("FirstDelay", "DelayCap", "Receives"))
    doubled = accumulate(repeat(2, receives - 2), lambda delay, factor: delay * factor, initial=first)
    return [min(cap, delay) for delay in doubled]


def test_pace_offers_the_columns_of_timing_and_each_row_has_them_all() -> None:
    template = source()
    assert template["Parameters"]["Pace"]["AllowedValues"] == paces()
    assert all(list(row) == paces() for row in template["Mappings"]["Timing"].values())


def test_each_number_of_timing_is_used(paced: Stack) -> None:
    used = re.findall(r"'Fn::FindInMap': \['Timing', '(\w+)'", str(source()["Resources"]))
    assert sorted(set(used)) == sorted(paced.timing)


def test_each_resource_gets_its_number_from_the_column(paced: Stack, calling: Stack) -> None:
    timing = paced.timing
    queue = paced["AlertsQueue"]
    [kept] = {paced[name]["MessageRetentionPeriod"] for name in ("AlertsDeadLetterQueue", "ParkingQueue")}
    variables = paced["SlackAlertsFunction"]["Environment"]["Variables"]
    calls = calling["ActionsFunction"]["Environment"]["Variables"]
    assert timing == {
        "CallTimeout": int(calls["CALL_TIMEOUT_SECONDS"]),
        "FunctionTimeout": paced["SlackAlertsFunction"]["Timeout"],
        "Reserve": int(variables["RESERVE_SECONDS"]),
        "Visibility": queue["VisibilityTimeout"],
        "Lease": int(variables["LEASE_SECONDS"]),
        "FirstPause": int(variables["FIRST_PAUSE_SECONDS"]),
        "PauseCap": int(variables["PAUSE_CAP_SECONDS"]),
        "FirstDelay": int(variables["FIRST_DELAY_SECONDS"]),
        "DelayCap": int(variables["DELAY_CAP_SECONDS"]),
        "Receives": queue["RedrivePolicy"]["maxReceiveCount"],
        "Retention": queue["MessageRetentionPeriod"],
        "DeadLetterRetention": kept,
    }


def test_the_queue_hides_a_message_six_times_as_long_as_the_function_may_run(paced: Stack) -> None:
    [mapping] = paced.of("AWS::Lambda::EventSourceMapping").values()
    window = mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert paced["AlertsQueue"]["VisibilityTimeout"] >= 6 * paced["SlackAlertsFunction"]["Timeout"] + window


def test_the_function_keeps_time_to_answer_the_batch(paced: Stack) -> None:
    assert 0 < paced.timing["Reserve"] <= paced.timing["FunctionTimeout"] / 2


def test_a_lease_outlives_its_invocation_and_ends_before_sqs_hands_the_message_out_again(paced: Stack) -> None:
    assert paced.timing["FunctionTimeout"] < paced.timing["Lease"] < paced.timing["Visibility"]


def test_a_circuit_pauses_in_step_with_the_messages(paced: Stack) -> None:
    assert paced.timing["FirstPause"] == paced.timing["FirstDelay"]
    assert paced.timing["PauseCap"] == paced.timing["DelayCap"]


def test_a_dead_letter_outlives_its_time_in_the_queue(paced: Stack) -> None:
    assert paced["AlertsDeadLetterQueue"]["MessageRetentionPeriod"] > paced["AlertsQueue"]["MessageRetentionPeriod"]


@pytest.mark.parametrize("queue", ["AlertsDeadLetterQueue", "ParkingQueue"])
def test_what_was_not_delivered_is_kept_as_long_as_sqs_can(paced: Stack, queue: str) -> None:
    assert paced[queue]["MessageRetentionPeriod"] == 14 * DAY


def test_the_log_keeps_the_reason_of_a_dead_letter_as_long_as_the_dead_letter(paced: Stack) -> None:
    least = min(source()["Parameters"]["LogRetentionDays"]["AllowedValues"])
    assert least * DAY >= paced["AlertsDeadLetterQueue"]["MessageRetentionPeriod"]


def test_a_delay_grows_and_stays_below_what_sqs_can_hide(paced: Stack) -> None:
    assert 0 < paced.timing["FirstDelay"] < paced.timing["DelayCap"]
    assert max(paced.timing["DelayCap"], LONGEST_ASKED) * JITTER + paced.timing["FunctionTimeout"] < SQS_LIMIT


def test_a_message_dies_by_count_and_not_by_age(paced: Stack) -> None:
    slowest = max(paced.timing["DelayCap"], LONGEST_ASKED) * JITTER + paced.timing["FunctionTimeout"]
    assert paced.timing["Receives"] * slowest < paced.timing["Retention"] / 2


def test_a_message_is_received_more_than_twice_before_it_is_dead(paced: Stack) -> None:
    # AWS advises five; quick is for the demonstration, which must reach the dead-letter queue while somebody watches.
    assert paced.timing["Receives"] >= 3


def test_in_the_cloud_a_message_is_received_as_often_as_aws_advises_at_least() -> None:
    assert stack(Pace="standard").timing["Receives"] >= 5


def test_a_slack_outage_of_three_hours_needs_no_human() -> None:
    least = sum(delays(stack(Pace="standard")))
    assert least >= 3.7 * 3600
    assert least * (1 + JITTER) / 2 >= 4.2 * 3600  # on average


def test_standard_is_what_one_gets_unless_asked() -> None:
    assert source()["Parameters"]["Pace"]["Default"] == "standard"
