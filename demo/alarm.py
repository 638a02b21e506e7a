"""Publish one more alarm to a demonstration that is still running: `make demo KEEP=1` prints the command."""

import argparse
import sys
from datetime import UTC, datetime

from botocore.exceptions import EndpointConnectionError

from demo.clients import Clients
from demo.metric_alarm import MetricAlarm, unique_name
from demo.platform import STACK
from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.stack import find_stack


def main() -> int:
    """Create a CloudWatch alarm and trigger it."""
    parser = argparse.ArgumentParser(prog="python -m demo.alarm", description=__doc__)
    parser.add_argument("--endpoint", required=True, help="address of the local AWS")
    parser.add_argument("--name", default="by-hand", help="prefix of the alarm's name (default: by-hand)")
    parser.add_argument("--stack", default=STACK, help=f"name of the stack (default: {STACK})")
    arguments = parser.parse_args()
    clients = Clients(arguments.endpoint)
    try:
        stack = find_stack(clients.client("cloudformation"), arguments.stack)
        alarm = MetricAlarm(clients.client("cloudwatch"), unique_name(arguments.name))
        alarm.create(stack.alerts_topic_arn, f"Sent by hand at {datetime.now(UTC):%H:%M:%S} UTC.")
        alarm.trigger()
    except EndpointConnectionError as error:
        raise CommandFailed(f"nothing answers at {arguments.endpoint}", "start it: make demo KEEP=1") from error
    print(f"{alarm.name} is in ALARM")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
