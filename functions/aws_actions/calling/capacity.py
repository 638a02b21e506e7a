"""Answers of ECS with status 200 that mean «not done, for now»: no task was started, for lack of capacity."""

import re
from collections.abc import Mapping

STARTS_TASKS = frozenset({("ecs", "RunTask"), ("ecs", "StartTask")})
PASSING = re.compile(r"RESOURCE:.+|AGENT|Capacity is unavailable at this time\b.*", re.DOTALL)
"""Reasons that pass (ECS developer guide, API failure reasons): instances without room, an agent that is not connected,
Fargate without capacity. Others, like ATTRIBUTE or MISSING, are about the request."""


def lacks_capacity(service: str, operation: str, answer: Mapping[str, object]) -> bool:
    """Return whether no task was started and all failures pass by themselves."""
    failures = answer.get("failures")
    if (service, operation) not in STARTS_TASKS or answer.get("tasks") or not isinstance(failures, list):
        return False
    reasons = [str(one.get("reason")) for one in failures if isinstance(one, Mapping)]
    return bool(reasons) and all(map(PASSING.fullmatch, reasons))
