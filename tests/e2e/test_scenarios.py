"""Each scenario that `make prove` expects to fail without a permission succeeds with all of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.action_scenarios import OWN_RESOURCES
from tests.e2e.scenarios import is_queued_by_intake
from tests.prove.grant_proofs import PROVEN, Scenario
from tests.support.local_aws.pipeline import LocalPipeline

ELSEWHERE = {is_queued_by_intake, *OWN_RESOURCES.values()}
"""The first needs the stack of test_direct.py."""
SCENARIOS = [one for one in dict.fromkeys(need.scenario for need in PROVEN) if one not in ELSEWHERE]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_a_scenario_succeeds(pipeline: LocalPipeline, scenario: Scenario) -> None:
    pipeline.clear()
    scenario(pipeline)


def test_calls_on_the_stacks_own_resources_are_denied(pipeline: LocalPipeline) -> None:
    with ThreadPoolExecutor(2) as pool:  # the function must call all of one batch in time, also on a busy machine
        list(pool.map(lambda scenario: scenario(pipeline), OWN_RESOURCES.values()))
