"""One cold start in a process of its own: `python -P cold_process.py SUBJECT < event`.

The last line of its output is JSON: the CPU seconds of the process after each stage, and its number of modules. It
imports nothing before the stages that they would not import themselves.
"""

import sys
import time

TWO_CLIENTS, NOTIFIER = "two clients", "notifier"
"""Subjects beside the functions: boto3 with two clients, and with these a notifier that posts by urllib."""


class Context:
    aws_request_id = "11111111-2222-3333-4444-555555555555"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def run(subject: str, event: str) -> dict[str, float]:
    """Run the stages of a function, a notifier or, for an empty subject, none."""
    stages = {"started": time.process_time()}
    if subject in {TWO_CLIENTS, NOTIFIER}:
        import boto3

        stages["imported"] = time.process_time()
        boto3.client("kms")
        boto3.client("securityhub")
        stages["wired"] = time.process_time()
        if subject == NOTIFIER:
            post(event)
            stages["handled"] = time.process_time()
    elif subject:
        from importlib import import_module
        from json import loads

        app = import_module(f"{subject}.app")
        stages["imported"] = time.process_time()
        app.wire()
        stages["wired"] = time.process_time()
        response = app.handler(loads(event), Context())
        stages["handled"] = time.process_time()
        check(response)
    return stages | {"modules": len(sys.modules)}


def post(url: str) -> None:
    """Post a text as the notifier does."""
    import json
    import urllib.parse
    import urllib.request

    form = urllib.parse.urlencode({"message": json.dumps({"text": "disk full"})}).encode()
    with urllib.request.urlopen(urllib.request.Request(url), form, timeout=10) as answer:  # noqa: S310 - the loopback server
        answer.read()


def check(response: dict[str, object]) -> None:
    """Raise RuntimeError unless every record succeeded."""
    if response.get("batchItemFailures") or response.get("stopped", "done") != "done":
        raise RuntimeError(f"the event was not handled: {response}")


if __name__ == "__main__":
    found = run(sys.argv[1], sys.stdin.read())
    print("\n" + str(found).replace("'", '"'))
