from pathlib import Path

import pytest

from holdfast_cli.cost import (
    ALARMS,
    HEARTBEATS,
    MILLION,
    MONTHS,
    NOTICES,
    PRICES,
    REDRIVES,
    STEADY,
    STORM,
    dollars,
    items,
    million_rows,
    month_rows,
)
from tests.support.stack.template import ACTIONS, DIRECT_ALARMS, DIRECT_TOPIC, EMAIL, resolve

PAGE = (Path(__file__).parents[3] / "docs/cost.md").read_text(encoding="utf-8")


def test_the_page_shows_the_tables() -> None:
    assert month_rows() in PAGE
    assert million_rows() in PAGE


def test_an_alert_costs_less_in_a_storm_than_alone() -> None:
    assert sum(dollars(STORM).values()) < sum(dollars(STEADY).values())


def test_the_page_shows_the_price_of_a_second_of_cold_starts() -> None:
    assert f"second of that start costs {PRICES['Lambda second'] * MILLION:.2f} dollars." in PAGE


def test_the_alarms_and_schedules_are_those_of_the_template() -> None:
    made = resolve(OpsEmail=EMAIL)
    assert len(made.of("AWS::CloudWatch::Alarm")) == ALARMS
    schedules = {"HeartbeatSchedule": HEARTBEATS, "RedriveSchedule": REDRIVES, "NoticesSchedule": NOTICES}
    for schedule, runs in schedules.items():
        minutes = int(made[schedule]["ScheduleExpression"].removeprefix("rate(").removesuffix(" minutes)"))
        assert runs * minutes == 30 * 24 * 60


@pytest.mark.parametrize(
    ("parameters", "number", "text"),
    [
        (ACTIONS, 7, "| `AllowedActions` | seven alarms, {:.2f} |"),
        ({"DirectTopicArn": DIRECT_TOPIC}, 2, "| `DirectTopicArn` | two alarms, {:.2f} |"),
        ({"DirectAlarmArn": DIRECT_ALARMS}, 1, "| `DirectAlarmArn` | one alarm, {:.2f} |"),
    ],
)
def test_the_page_shows_the_alarms_of_a_parameter(parameters: dict[str, str], number: int, text: str) -> None:
    alarms = resolve(OpsEmail=EMAIL, **parameters).of("AWS::CloudWatch::Alarm")
    assert len(alarms) - ALARMS == number
    assert text.format(number * PRICES["alarm"]) in PAGE


def test_the_cost_grows_linearly_with_the_alerts() -> None:
    idle, some, many = (sum(items(alerts).values()) for alerts in MONTHS)
    assert idle < some < many
    assert (some - idle) * 100 == pytest.approx(many - idle)


def test_the_page_shows_the_cost_of_full_concurrency_for_a_month() -> None:
    mappings = resolve(OpsEmail=EMAIL).of("AWS::Lambda::EventSourceMapping").values()
    at_once = sum(one["ScalingConfig"]["MaximumConcurrency"] for one in mappings)
    bound = at_once * 30 * 86_400 * PRICES["Lambda second"]
    assert f"{at_once} × 2,592,000 s" in PAGE
    assert f"= {bound:,.2f} dollars of Lambda" in PAGE
