"""A newcomer's first hour: the commands, from an account without a stack to an alert that is redriven.

python -m tests.support.local_aws.newcomer   # writes docs/first-deployment.md
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.clients import REGION, local_environment
from demo.platform import PARAMETERS, LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.sam import ROOT
from holdfast_cli.stack import find_stack
from tests.support.local_aws.waiting import wait_for

PAGE = ROOT / "docs/first-deployment.md"
ROUTES = '{"routes": [{"match": {"severity": "critical"}, "destination": "on-call"}]}'
EXAMPLE = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
REFUSED = "shop-cpu"
"""The name in the sample that Slack refuses once."""
VARYING: tuple[tuple[str, str], ...] = (
    (r"(holdfast-[A-Za-z]+-)[0-9A-F]{13}", r"\g<1>1A2B3C4D5E6F7"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"),
    (r"test alert [0-9a-f]{6}", "test alert a1b2c3"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "2026-01-31 12:00:00"),
    (r"(\d+ min )?\d+ s ago", "4 s ago"),
    (r"Python \d+\.\d+\.\d+", "Python 3.13.0"),
    (r"\d+ resources of .*", "95 resources of CloudWatch, DynamoDB, IAM, …"),
    (r"none of \d+ is", "none of 25 is"),
    (r"Architecture=\w+", "Architecture=x86_64"),
    (r"(?m)^not yet: .*\n", ""),
)
"""Patterns of text that differs from run to run, and the text of the page in its place."""


class End(Enum):
    """The end of the sample that a step waits for."""

    PARKED = "parked"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class Step:
    """A command of the page, with its exit code."""

    text: str
    command: str
    code: int = 0
    region: str = REGION
    waits_for: End | None = None


STEPS = (
    Step("Check this machine and the account. There is no stack yet, and that is no fault:", "holdfast doctor"),
    Step(
        "A typing error in a parameter is found before anything is built:", "holdfast deploy --yes -p Retention=90", 2
    ),
    Step(
        "Deploy. In a terminal, leave out `--yes` to see the changes and confirm them:",
        f"holdfast deploy --yes --ops-email ops@example.com -p Pace=quick -p Architecture={PARAMETERS['Architecture']}",
    ),
    Step("`holdfast secret` refuses the example webhook of a manual:", "holdfast secret < example.txt", 2),
    Step("Store the one of your channel. A line in the channel says that it works:", "holdfast secret < webhook.txt"),
    Step("Send a test alert through the whole pipeline:", "holdfast verify"),
    Step("Look at the stack:", "holdfast status"),
    Step("In another region there is nothing, and the message says where to look:", "holdfast status", 4, "us-east-1"),
    Step("Store routes, if alerts shall go to several channels:", "holdfast routes store routes.json --json"),
    Step("Send a sample. This time Slack answers that the channel does not exist:", "holdfast send alarm-metric.json"),
    Step(
        "So the alert is parked with its reason, and operations get an e-mail:", "holdfast parked", waits_for=End.PARKED
    ),
    Step(
        "When the channel is there again, see what a redrive would do:",
        "holdfast redrive --queue parking",
        waits_for=End.PARKED,
    ),
    Step("Do it:", "holdfast redrive --queue parking --run", waits_for=End.PARKED),
    Step("Nothing is left behind:", "holdfast parked", waits_for=End.DELIVERED),
    Step("`holdfast doctor` finds no fault:", "holdfast doctor"),
)
HEAD = """# A first deployment

The commands of a newcomer with their output, from an account without a stack to an alert that was refused and
delivered later. A run on the local AWS makes this page (`python -m tests.support.local_aws.newcomer`), and a test
compares the two. In an account of AWS leave out `Pace=quick` and `Architecture=…`, which are for the local one.
[The command](command.md) explains each.
"""


def transcript(aws: LocalAws, slack: SlackStandin, folder: Path) -> Iterator[tuple[Step, int, str]]:
    """Run each step on an AWS without a stack; yield it with its exit code and its output."""
    (folder / "webhook.txt").write_text(f"{slack.webhook_url('ops')}\n")
    (folder / "example.txt").write_text(f"{EXAMPLE}\n")
    (folder / "routes.json").write_text(ROUTES)
    slack.script([{"body": "channel_not_found"}], match=REFUSED)
    environment = local_environment(os.environ, aws.endpoint) | {"PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"}
    for step in STEPS:
        if step.waits_for:
            assert _has_ended(aws, slack, step.waits_for)
        done = subprocess.run(  # noqa: S602 - our own commands
            step.command,
            shell=True,
            cwd=folder,
            env=environment | {"AWS_DEFAULT_REGION": step.region},
            capture_output=True,
            text=True,
            check=False,
        )
        _, failed, said = done.stderr.rpartition(
            "\nfailed:"
        )  # without the lines of progress, which only a slow run has
        is_expected = done.returncode in {0, step.code}
        yield step, done.returncode, done.stdout if is_expected and done.stdout else failed + said


def page(steps: Iterator[tuple[Step, int, str]]) -> str:
    """Return the page. Raise AssertionError for another exit code than the step has."""
    parts = [HEAD]
    for step, code, output in steps:
        assert code == step.code, f"{step.command}: {code}\n{output}"
        region = "" if step.region == REGION else f" --region {step.region}"
        shown = f"$ {step.command}{region}\n{_settled(output)}".rstrip()
        exit_code = f"\n\nThe exit code is {code}." if code else ""
        parts.append(f"{step.text}\n\n```console\n{_settled(shown)}\n```{exit_code}\n")
    return "\n".join(parts)


def _settled(text: str) -> str:
    """Return the output with the text of VARYING replaced."""
    for pattern, replacement in VARYING:
        text = re.sub(pattern, replacement, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _has_ended(aws: LocalAws, slack: SlackStandin, end: End) -> bool:
    """Wait until the sample is parked, or delivered; return whether it is."""
    parking = find_stack(aws.client("cloudformation"), "holdfast").parking_queue_url
    match end:
        case End.PARKED:
            # Visible: each run of notices hides it for a moment.
            return wait_for(lambda: any(one.is_visible for one in aws.peek(parking)))
        case End.DELIVERED:
            return wait_for(lambda: any(REFUSED in one.body for one in slack.messages(accepted=True)))


def main() -> int:
    with LocalAws(print) as aws, SlackStandin() as slack, TemporaryDirectory() as folder:
        PAGE.write_text(page(transcript(aws, slack, Path(folder))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
