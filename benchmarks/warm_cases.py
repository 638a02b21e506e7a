"""The senders of a warm batch, and the costs of their rounds."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.loops import Handle, raw_loop, session_loop
from benchmarks.warm_stack import BATCH, DEFAULT, DESTINATIONS, WarmStack, alerts, published

SESSION, RAW = "requests.Session loop", "http.client loop"
OURS, BOTH, DIGESTS = "slack_alerts", "intake and slack_alerts", "slack_alerts, digests of ten"
MEMORY, TABLE = "memory", "table"


@dataclass(frozen=True, slots=True)
class Case:
    """A batch of ten, its sender and its Slack."""

    sender: str
    slack: str
    destinations: int = 1
    claims: str = "–"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of a batch."""

    wall: float
    cpu: float


type Act = Callable[[], Cost]
type Rounds = Mapping[Case, Sequence[Cost]]


def measure(cases: Mapping[Case, Act], rounds: int) -> dict[Case, list[Cost]]:
    """Call all in turn once to warm up, then round after round."""
    found: dict[Case, list[Cost]] = {case: [] for case in cases}
    for number in range(rounds + 1):
        for case, act in cases.items():
            cost = act()
            if number:
                found[case].append(cost)
    return found


def quick_cases(webhook: str, slack: str, ca_file: Path | None) -> dict[Case, Act]:
    in_memory, in_table = (WarmStack(ca_file=ca_file, has_table=has_table) for has_table in (False, True))
    digests = WarmStack(ca_file=ca_file, digest_from=3)
    return {
        Case(SESSION, slack): partial(_handle, session_loop(webhook, ca_file)),
        Case(RAW, slack): partial(_handle, raw_loop(webhook, ca_file)),
        Case(OURS, slack, 1, MEMORY): partial(_handle, in_memory.deliver),
        Case(OURS, slack, BATCH, MEMORY): partial(_handle, in_memory.deliver, DESTINATIONS),
        Case(OURS, slack, 1, TABLE): partial(_handle, in_table.deliver),
        Case(BOTH, slack, 1, MEMORY): partial(_both, in_memory),
        Case(BOTH, slack, 1, TABLE): partial(_both, in_table),
        Case(DIGESTS, slack, 1, MEMORY): partial(_handle, digests.deliver),
    }


def slow_cases(webhook: str, slack: str) -> dict[Case, Act]:
    stack = WarmStack()
    return {
        Case(SESSION, slack): partial(_handle, session_loop(webhook, None)),
        Case(OURS, slack, 1, MEMORY): partial(_handle, stack.deliver),
        Case(OURS, slack, BATCH, MEMORY): partial(_handle, stack.deliver, DESTINATIONS),
    }


def _handle(handle: Handle, destinations: Sequence[str] = (DEFAULT,)) -> Cost:
    return _timed(partial(handle, alerts(destinations)))


def _both(stack: WarmStack) -> Cost:
    routed: list[Any] = []
    first = _timed(lambda: routed.extend(stack.route(published())))
    second = _timed(partial(stack.deliver, {"Records": routed}))
    return Cost(first.wall + second.wall, first.cpu + second.cpu)


def _timed(act: Callable[[], None]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)
