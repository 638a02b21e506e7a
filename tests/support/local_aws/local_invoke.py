"""`make local-invoke`: invoke a function in Lambda's container with an event, a local AWS and a Slack."""

import json
import sys
import tempfile
from pathlib import Path

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.failures import CommandFailed, run_command
from tests.support.local_aws.docker_engine import require_engine
from tests.support.local_aws.sam_local import SamLocal, container_url, reachable_from_containers, store_default


def main() -> int:
    """Invoke the function, and print its log, its answer and the requests to Slack."""
    function, event = sys.argv[1], Path(sys.argv[2])
    if not event.is_file():
        raise CommandFailed(f"there is no event {event}", "make local-invoke EVENT=events/sqs-alarms.json")
    require_engine()
    with LocalAws(print) as aws, SlackStandin() as slack, tempfile.TemporaryDirectory() as folder:
        store_default(aws, container_url(slack.webhook_url("ops")))
        with reachable_from_containers(aws.endpoint, slack.url):
            answer = SamLocal.beside(aws, Path(folder)).invoke(function, event)
        print(f"{answer.log}\nthe function's answer:\n{json.dumps(answer.value, indent=2)}\n\nrequests to Slack:")
        for one in slack.messages():
            print(f"{one.status} {one.answer}: {one.text}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
