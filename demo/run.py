"""`make demo`: the real template on a local AWS, alarms through it, faults on the way, and the books at the end."""

import argparse
import json
import sys
import time
from contextlib import ExitStack

from demo.acts.program import play_all
from demo.acts.refusals import ROUTES, TEAM
from demo.clients import KEY, REGION
from demo.ledger import Ledger
from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from demo.stage import LOOK_EVERY, Stage
from demo.timeline import Timeline
from demo.watch import Watch
from holdfast_cli.failures import run_command


def main() -> int:
    """Play the demonstration -> exit code: 0 if every alert has the end it should have, and none is lost."""
    parser = argparse.ArgumentParser(prog="python -m demo.run", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="stay up after the acts, for alarms by hand")
    keep = parser.parse_args().keep
    with ExitStack() as running:
        stage = _set_up(running, Timeline())
        play_all(stage)
        stage.settle()
        if keep:
            _show_books(stage)
            _stay_up(stage)
        ledger = _show_books(stage)
        is_good = ledger.is_safe and _is_as_expected(stage, ledger) and not stage.broken
    print(json.dumps(ledger.summary()), flush=True)
    return 0 if is_good else 1


def _set_up(running: ExitStack, timeline: Timeline) -> Stage:
    """Start both ends of the road, and deploy what lies between."""
    aws = running.enter_context(LocalAws(timeline.step))
    stack = aws.deploy()
    slack = running.enter_context(SlackStandin())
    timeline.step(f"the Slack stand-in shows what arrives: {slack.url}")
    aws.store_destination(stack, slack.webhook_url(stack.default_destination))
    aws.store_destination(stack, slack.webhook_url(TEAM), TEAM)
    aws.store_routes(stack, ROUTES)
    return Stage(aws, slack, stack, Watch(aws, slack, stack), timeline)


def _stay_up(stage: Stage) -> None:
    """Show what happens until Ctrl-C."""
    here = (
        f"AWS_ENDPOINT_URL={stage.aws.endpoint} AWS_REGION={REGION} AWS_ACCESS_KEY_ID={KEY} AWS_SECRET_ACCESS_KEY={KEY}"
    )
    stage.timeline.say(
        f"\nStill up; Ctrl-C ends it.\n"
        f"What Slack shows:   {stage.slack.url}\n"
        f"Another alarm:      .venv/bin/python -m demo.alarm --endpoint {stage.aws.endpoint}\n"
        f"What is parked:     {here} make parked STACK={stage.stack.name}\n"
        f"A test alert:       {here} make verify STACK={stage.stack.name}\n"
    )
    try:
        while True:
            stage.look()
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        stage.settle()


def _show_books(stage: Stage) -> Ledger:
    ledger = stage.watch.ledger()
    stage.timeline.table(((entry, stage.watch.answers(entry.alert)) for entry in ledger.entries), stage.expected)
    return ledger


def _is_as_expected(stage: Stage, ledger: Ledger) -> bool:
    """Return whether every alert that the acts caused was published and ends as its act names; say what does not."""
    wrong = ledger.troubles(stage.expected, repeated=[f"ALARM {alarm.name}" for alarm in stage.repeated])
    for trouble in wrong:
        stage.timeline.say(f"not as it should be: {trouble}")
    if wrong:
        said = [
            line for line in stage.aws.log().splitlines() if '"level":"WARNING"' in line or '"level":"ERROR"' in line
        ]
        stage.timeline.say("\n".join(["what the function said last:", *said[-10:]]))
    return not wrong


if __name__ == "__main__":
    sys.exit(run_command(main))
