"""The code reads the variables that the template sets."""

from importlib import import_module

import pytest

from notifications.self_tests import HEARTBEAT
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTIONS, VARIANTS, Stack, paces, stack

FUNCTIONS = {
    "IntakeFunction": "intake",
    "SlackAlertsFunction": "slack_alerts",
    "RedriveFunction": "redrive",
    "NoticesFunction": "notices",
}


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> dict[str, str]:
    return dict(request.param)


def settings(made: Stack, function: str) -> Node:
    """The settings that the function reads from its variables."""
    module = import_module(f"{FUNCTIONS[function]}.settings")
    return module.Settings.from_env(made[function]["Environment"]["Variables"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_reads_each_variant_and_pace(variant: dict[str, str], function: str) -> None:
    for pace in paces():
        for given in ({}, ACTIONS):
            assert settings(stack(**variant | {"Pace": pace} | given), function)


def test_plain_http_is_for_the_quick_pace_only(variant: dict[str, str]) -> None:
    for pace in paces():
        made = stack(**variant | {"Pace": pace})
        egress = settings(made, "SlackAlertsFunction").egress
        assert egress.allows_plain is (pace == "quick")
        allowed = made["SlackAlertsFunction"]["Environment"]["Variables"]["ALLOWED_HOSTS"]
        assert egress.hosts == set(allowed.split(","))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_handler_is_there(variant: dict[str, str], function: str) -> None:
    module, _, name = stack(**variant)[function]["Handler"].rpartition(".")
    assert callable(getattr(import_module(module), name))


def test_the_code_knows_the_heartbeat_of_the_schedule(variant: dict[str, str]) -> None:
    made = stack(**variant | {"HeartbeatRate": "rate(15 minutes)"})
    assert made["HeartbeatSchedule"]["Target"]["Input"] == HEARTBEAT


@pytest.mark.parametrize("rate", ["off", "rate(15 minutes)"])
def test_slack_alerts_misses_a_test_alarm_only_where_there_is_one(variant: dict[str, str], rate: str) -> None:
    made = stack(**variant | {"HeartbeatRate": rate})
    assert settings(made, "SlackAlertsFunction").has_test_alarm is (rate != "off")
