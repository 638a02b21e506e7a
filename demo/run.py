"""`make demo`: deploy the template on a local AWS, trigger alarms, let parts fail, and print the end of each alert.

`make console` does the same without the acts: the page has controls that send alerts and break things.
"""

import argparse
import json
import sys
import time
from contextlib import ExitStack

from demo.acts.program import play_all
from demo.channels import CHANNELS, DEFAULT, FOLLOWED, routes_document
from demo.clients import KEY, REGION
from demo.console.console import Console
from demo.console.controls import Controls
from demo.console.hub import Hub
from demo.console.page import console_page
from demo.graphs.server import GraphServer
from demo.ledger import Ledger
from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from demo.stage import LOOK_EVERY, Stage
from demo.timeline import Timeline
from demo.watch import Watch
from holdfast_cli.failures import run_command


def main() -> int:
    """Run the demonstration; return 0 if every alert has its expected end."""
    parser = argparse.ArgumentParser(prog="python -m demo.run", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="stay up after the acts, for alarms by hand")
    parser.add_argument("--console", action="store_true", help="stay up without the acts, for the page's controls")
    arguments = parser.parse_args()
    with ExitStack() as running:
        console = Console(Hub())
        stage = set_up(running, console)
        if not arguments.console:
            play_all(stage)
            stage.settle()
        if arguments.keep and not arguments.console:
            _print_ledger(stage)
        if arguments.keep or arguments.console:
            _stay_up(stage, console)
        ledger = _print_ledger(stage)
        is_good = ledger.is_safe and _is_as_expected(stage, ledger) and not stage.failed_checks
    print(json.dumps(ledger.summary()), flush=True)
    return 0 if is_good else 1


def set_up(running: ExitStack, console: Console) -> Stage:
    """Start Slack with the page, then the local AWS, and deploy the stack."""
    timeline = Timeline(console.say)
    slack = running.enter_context(SlackStandin(page=console_page(console.hub, console.commands)))
    running.callback(console.close)
    timeline.step(f"the console: {slack.url}")
    aws = running.enter_context(LocalAws(timeline.step))
    stack = aws.deploy(DefaultDestination=DEFAULT, SlackApiUrl=slack.api_url, Pictures="on")
    aws.draw_by(stack, running.enter_context(GraphServer()).url)
    for channel in CHANNELS:
        aws.store_destination(stack, slack.webhook_url(channel), channel)
    bot = {"token": slack.bot_token(), "channel": slack.channel_id(FOLLOWED)}
    aws.store_destination(stack, json.dumps(bot), FOLLOWED)
    aws.store_routes(stack, routes_document())
    intake = aws.client("lambda").get_function_configuration(FunctionName=stack.intake_function_name)
    watch = Watch(aws, slack, stack, intake["Environment"]["Variables"]["TEST_ALARM_ARN"])
    stage = Stage(aws, slack, stack, watch, timeline, look=lambda events: console.look(watch, slack, events))
    stage.show_news()
    return stage


def _stay_up(stage: Stage, console: Console) -> None:
    """Print events until Ctrl-C."""
    environment = (
        f"AWS_ENDPOINT_URL={stage.aws.endpoint} AWS_REGION={REGION} AWS_ACCESS_KEY_ID={KEY} AWS_SECRET_ACCESS_KEY={KEY}"
    )
    stage.timeline.text(
        f"\nStill running; Ctrl-C ends it.\n"
        f"The console:        {stage.slack.url}\n"
        f"Another alarm:      .venv/bin/python -m demo.alarm --endpoint {stage.aws.endpoint}\n"
        f"Parked alerts:      {environment} make parked STACK={stage.stack.name}\n"
        f"A test alert:       {environment} make verify STACK={stage.stack.name}\n"
    )
    console.open(Controls(stage.aws, stage.slack, stage.stack, console.say), environment)
    try:
        while True:
            stage.show_news()
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        stage.settle()


def _print_ledger(stage: Stage) -> Ledger:
    ledger = stage.watch.ledger()
    stage.timeline.table(((entry, stage.watch.answers(entry.alert)) for entry in ledger.entries), stage.expected)
    return ledger


def _is_as_expected(stage: Stage, ledger: Ledger) -> bool:
    """Return whether each alert of the acts has its expected end; print the others."""
    deviations = ledger.deviations(stage.expected, repeated=[f"ALARM {alarm.name}" for alarm in stage.repeated])
    for deviation in deviations:
        stage.timeline.text(f"NOT as expected: {deviation}")
    if deviations:
        levels = ('"level":"WARNING"', '"level":"ERROR"')
        lines = [line for line in stage.aws.log().splitlines() if any(level in line for level in levels)]
        stage.timeline.text("\n".join(["the last warnings and errors of the functions:", *lines[-10:]]))
    return not deviations


if __name__ == "__main__":
    sys.exit(run_command(main))
