"""`make local-invoke`: one event through one function in Lambda's container, with a local AWS and a Slack around it."""

import json
import sys
import tempfile
from pathlib import Path

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.failures import CommandFailed, run_command
from tests.support.local_aws.docker_engine import require_engine
from tests.support.local_aws.sam_local import SamLocal, met_from_inside, seen_from_inside, store_default


def main() -> int:
    """Invoke, and say what came of it -> exit code."""
    function, event = sys.argv[1], Path(sys.argv[2])
    if not event.is_file():
        raise CommandFailed(f"there is no event {event}", "make local-invoke EVENT=events/sqs-alarms.json")
    require_engine()
    with LocalAws(print) as aws, SlackStandin() as slack, tempfile.TemporaryDirectory() as folder:
        store_default(aws, seen_from_inside(slack.webhook_url("ops")))
        with met_from_inside(aws.endpoint, slack.url):
            answer = SamLocal.beside(aws, Path(folder)).invoke(function, event)
        print(f"{answer.log}\nthe function's answer:\n{json.dumps(answer.value, indent=2)}\n\nwhat Slack was asked:")
        for one in slack.messages():
            print(f"{one.status} {one.answer}: {one.text}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
