"""What became of a request to the deployed stack: in the parking queue, and in the log of its function."""

import json
from typing import Any

from demo.platform import LocalAws
from holdfast_cli.stack import Stack
from tests.e2e.test_road import function_log
from tests.support.local_aws.waiting import wait_for


def parked(aws: LocalAws, stack: Stack, sns_id: str) -> dict[str, Any]:
    """Our facts beside the parked request."""
    [found] = wait_for(lambda: [one for one in aws.peek(stack.parking_queue_url) if sns_id in one.body])
    facts: dict[str, Any] = json.loads(found.attributes["holdfast"])
    return facts


def said(aws: LocalAws, stack: Stack, sns_id: str) -> list[dict[str, Any]]:
    """The lines of the function's log that are about the record of that message, oldest first."""
    lines = [json.loads(one) for one in log_of(aws, stack).splitlines() if one.startswith("{")]
    records = {one.get("record") for one in lines if one.get("sns_message_id") == sns_id} - {None}
    return [one for one in lines if one.get("record") in records]


def log_of(aws: LocalAws, stack: Stack) -> str:
    return function_log(aws, stack, "ActionsFunctionName")


def ended(aws: LocalAws, stack: Stack, sns_id: str) -> str:
    """The word of the log for its end, as soon as there is one."""
    ends = {"delivered", "parked", "duplicate", "skipped"}
    found = wait_for(lambda: [one["message"] for one in said(aws, stack, sns_id) if one["message"] in ends])
    return str(found[-1]) if found else "nothing"
