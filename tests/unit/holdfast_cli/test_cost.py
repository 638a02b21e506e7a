from pathlib import Path

import pytest

from holdfast_cli.cost import ALARMS, HEARTBEATS, MONTHS, NOTICES, PRICES, REDRIVES, items, table
from tests.support.stack.template import ACTIONS, DIRECT_TOPIC, EMAIL, stack

PAGE = (Path(__file__).parents[3] / "docs/cost.md").read_text(encoding="utf-8")


def test_the_page_shows_what_the_prices_come_to() -> None:
    assert table() in PAGE


def test_the_alarms_and_schedules_are_those_of_the_template() -> None:
    made = stack(OpsEmail=EMAIL)
    assert len(made.of("AWS::CloudWatch::Alarm")) == ALARMS
    schedules = {"HeartbeatSchedule": HEARTBEATS, "RedriveSchedule": REDRIVES, "NoticesSchedule": NOTICES}
    for schedule, runs in schedules.items():
        minutes = int(made[schedule]["ScheduleExpression"].removeprefix("rate(").removesuffix(" minutes)"))
        assert runs * minutes == 30 * 24 * 60


def test_the_alarms_of_actions_are_those_of_the_template_too() -> None:
    more = len(stack(OpsEmail=EMAIL, **ACTIONS).of("AWS::CloudWatch::Alarm")) - ALARMS
    assert more == 7
    assert f"`AllowedActions` seven alarms, {more * PRICES['alarm']:.2f};" in PAGE


def test_the_alarms_of_a_direct_topic_are_those_of_the_template_too() -> None:
    more = len(stack(OpsEmail=EMAIL, DirectTopicArn=DIRECT_TOPIC).of("AWS::CloudWatch::Alarm")) - ALARMS
    assert more == 2
    assert f"`DirectTopicArn` two, {more * PRICES['alarm']:.2f};" in PAGE


def test_more_alerts_cost_more_and_an_idle_stack_a_fixed_sum() -> None:
    idle, some, many = (sum(items(alerts).values()) for alerts in MONTHS)
    assert idle < some < many
    assert (some - idle) * 100 == pytest.approx(many - idle)  # nothing grows faster than the alerts


def test_the_bound_is_the_concurrency_of_both_mappings_all_month() -> None:
    mappings = stack(OpsEmail=EMAIL).of("AWS::Lambda::EventSourceMapping").values()
    at_once = sum(one["ScalingConfig"]["MaximumConcurrency"] for one in mappings)
    bound = at_once * 30 * 86_400 * 0.5 * PRICES["Lambda GB-second"]
    assert f"{at_once} × 2,592,000 s" in PAGE
    assert f"= {bound:,.2f} dollars of Lambda" in PAGE
