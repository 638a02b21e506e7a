"""The standard column of the template's Timing, in seconds."""

from functools import cache

from tests.support.template import source
from tests.support.virtual.road import Numbers


@cache
def timing() -> dict[str, float]:
    rows = source()["Mappings"]["Timing"]
    return {name: float(columns["standard"]) for name, columns in rows.items()}


def numbers() -> Numbers:
    """What the queues, the mapping and the function are made of."""
    given = timing()
    return Numbers(
        function_timeout=given["FunctionTimeout"],
        visibility=given["Visibility"],
        receives=int(given["Receives"]),
        retention=given["Retention"],
        dead_letter_retention=given["DeadLetterRetention"],
    )
