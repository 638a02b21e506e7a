"""Each scenario that `make prove` turns red by a missing permission, green."""

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from tests.prove.needs import PROVEN, Scenario
from tests.support.local_aws.pipeline import LocalRoad

SCENARIOS = [one for one in dict.fromkeys(need.scenario for need in PROVEN) if one.__name__ != "is_handed_on"]
"""test_direct.py has that one: it takes a topic of its own."""


@pytest.fixture(scope="module")
def road(aws: LocalAws, stack: Stack, slack: SlackStandin) -> LocalRoad:
    return LocalRoad(aws, stack, slack)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_it_happens(road: LocalRoad, scenario: Scenario) -> None:
    road.clear()
    scenario(road)
