"""The standard column of the template's Timing, in seconds."""

from functools import cache

from tests.support.stack.template import source
from tests.support.virtual.pipeline import StageNumbers
from tests.support.virtual.road import Numbers


@cache
def timing() -> dict[str, float]:
    rows = source()["Mappings"]["Timing"]
    return {name: float(columns["standard"]) for name, columns in rows.items()}


def numbers() -> Numbers:
    """Return the numbers of the queues, the mapping and the function of aws_actions."""
    given = timing()
    return Numbers(
        function_timeout=given["FunctionTimeout"],
        visibility=given["Visibility"],
        receives=int(given["Receives"]),
        retention=given["Retention"],
        dead_letter_retention=given["DeadLetterRetention"],
    )


def stage_numbers() -> StageNumbers:
    """Return the numbers of the queues, mappings and functions of intake and slack_alerts."""
    given = timing()
    return StageNumbers(
        intake_timeout=given["IntakeTimeout"],
        intake_visibility=given["IntakeVisibility"],
        intake_receives=int(given["Receives"]),
        lane_timeout=given["LaneTimeout"],
        lane_visibility=given["LaneVisibility"],
        lane_receives=int(given["LaneReceives"]),
        retention=given["Retention"],
        long_retention=given["DeadLetterRetention"],
    )
