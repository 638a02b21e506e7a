"""`make bench ONLY=latency`: the time of an alert from its publication to Slack, with lanes and before lanes.

Both stacks run on one local AWS and alternate, so that noise affects both. Warm: the functions have just run. Cold:
they start anew. Exit with 1 if the warm median with lanes exceeds that of the version before lanes by more than 150 ms.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.failures import run_command
from tests.support.local_aws.pipeline import ALERTS, INTAKE, LocalPipeline, unique
from tests.support.local_aws.previous_version import write_tree

WARM, COLD = 20, 5
"""The number of alerts per stack."""
BETWEEN = 1.2
"""Seconds between two alerts: Slack accepts one a second."""
BOUND = 0.150
"""Seconds by which the warm median with lanes may exceed that before lanes."""
LIMIT = 60.0
READ_EVERY = 0.002


def measure(pipeline: LocalPipeline) -> float:
    """Publish an alert; return the seconds until its post."""
    name = unique("latency")
    started_at = time.time()
    pipeline.publish(name)
    while not (posts := pipeline.posts(name)):
        if time.time() - started_at > LIMIT:
            raise TimeoutError(f"{pipeline.stack.name} delivered nothing in {LIMIT:.0f} s")
        time.sleep(READ_EVERY)
    return posts[0].time - started_at


def alternate(
    pipelines: Sequence[LocalPipeline], number: int, prepare: Callable[[LocalPipeline], None]
) -> list[list[float]]:
    """Measure alerts of the pipelines in turn; return the times of each pipeline."""
    all_times: list[list[float]] = [[] for _ in pipelines]
    for _ in range(number):
        for times, pipeline in zip(all_times, pipelines, strict=True):
            prepare(pipeline)
            times.append(measure(pipeline))
            time.sleep(BETWEEN)
    return all_times


def start_cold(pipeline: LocalPipeline) -> None:
    for function in (ALERTS, INTAKE):
        if function in pipeline.stack.outputs:
            pipeline.restart(function)


def main() -> int:
    with LocalAws() as aws, SlackStandin() as slack, tempfile.TemporaryDirectory() as name:
        write_tree(Path(name))
        stacks = [
            aws.deploy_built(aws.build(Path(name)) / "template.yaml", "holdfast-before"),
            aws.deploy("holdfast-lanes"),
        ]
        for stack in stacks:
            aws.store_destination(stack, slack.webhook_url("ops"))
        pipelines = [LocalPipeline(aws, stack, slack) for stack in stacks]
        alternate(pipelines, 2, lambda _: None)
        warm = alternate(pipelines, WARM, lambda _: None)
        cold = alternate(pipelines, COLD, start_cold)
    return show(warm, cold)


def show(warm: Sequence[Sequence[float]], cold: Sequence[Sequence[float]]) -> int:
    """Print median and range in milliseconds; return 1 if the bound does not hold."""
    table = Table("from publication to Slack, ms", "before lanes", "with lanes", "more")
    for name, (before, lanes) in (("warm", warm), ("cold", cold)):
        more = statistics.median(lanes) - statistics.median(before)
        table.add_row(f"{name}, median of {len(lanes)}", _cell(before), _cell(lanes), f"{more * 1000:+.0f}")
    Console(width=110).print(table)
    more = statistics.median(warm[1]) - statistics.median(warm[0])
    print("the bound holds" if more <= BOUND else f"warm alerts take {more * 1000:.0f} ms more, of {BOUND * 1000:.0f}")  # noqa: T201 - this is a command
    return int(more > BOUND)


def _cell(values: Sequence[float]) -> str:
    return f"{statistics.median(values) * 1000:.0f} ({min(values) * 1000:.0f} to {max(values) * 1000:.0f})"


if __name__ == "__main__":
    sys.exit(run_command(main))
