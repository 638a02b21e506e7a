"""Dead letters and parked alerts go back by the deployed function, under its own role."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from tests.e2e.test_operators import run
from tests.e2e.test_road import publish
from tests.support.local_aws.waiting import wait_for

ENDS = ("moved", "probes", "expired", "failed")


@pytest.fixture
def outage(slack: SlackStandin) -> Iterator[None]:
    """Slack is down until the test ends it, or ends."""
    slack.outage()
    yield
    slack.outage(0)


def invoke(aws: LocalAws, stack: Stack, event: Mapping[str, object]) -> dict[str, Any]:
    """What the function reports."""
    function = stack.outputs["RedriveFunctionName"]
    answer = aws.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    return said


def by_schedule(aws: LocalAws, stack: Stack) -> dict[str, Any]:
    """What the schedule does, with its own words: it comes a quarter of an hour too late for a test."""
    resource = aws.client("cloudformation").describe_stack_resource(
        StackName=stack.name, LogicalResourceId="RedriveSchedule"
    )
    name = resource["StackResourceDetail"].get("PhysicalResourceId", "").rpartition("/")[2]
    target = aws.client("scheduler").get_schedule(Name=name)["Target"]
    assert target["Arn"].endswith(stack.outputs["RedriveFunctionName"])
    return invoke(aws, stack, json.loads(target["Input"]))


def bodies(aws: LocalAws, queue_url: str, name: str) -> list[str]:
    return [one.body for one in aws.peek(queue_url) if name in one.body]


def posts(slack: SlackStandin, name: str) -> list[str]:
    return [one.text for one in slack.messages(accepted=True) if name in one.body]


def die(aws: LocalAws, stack: Stack, *names: str) -> None:
    """Let these alerts become dead letters, while Slack is down."""
    for name in names:
        publish(aws, stack, name)
    for name in names:
        assert wait_for(lambda name=name: bodies(aws, stack.lanes_dead_letter_queue_url, name))  # type: ignore[misc] # bound now


@pytest.mark.usefixtures("outage")
def test_after_an_outage_scheduled_redrive_delivers_what_died_and_once(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    names = [f"redrive-{uuid4().hex[:8]}" for _ in range(2)]
    die(aws, stack, *names)

    def letters() -> int:
        return len(aws.peek(stack.dead_letter_queue_url) + aws.peek(stack.lanes_dead_letter_queue_url))

    before = letters()

    report = invoke(aws, stack, {})  # by a human: a dry run
    assert (report["dry_run"], report["stopped"]) == (True, "done")
    assert sum(report[end] for end in (*ENDS, "waiting")) == before == letters()

    slack.outage(0)

    def delivered() -> bool:
        assert by_schedule(aws, stack)["stopped"] in {"done", "time"}
        return all(posts(slack, name) for name in names)

    assert wait_for(delivered)
    assert [len(posts(slack, name)) for name in names] == [1, 1]
    assert not [name for name in names if bodies(aws, stack.lanes_dead_letter_queue_url, name)]


def test_a_parked_alert_is_delivered_after_the_fix_when_somebody_asks_for_it(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    name = f"redrive-{uuid4().hex[:8]}"
    slack.script([{"body": "channel_not_found"}], match=name)
    publish(aws, stack, name)
    assert wait_for(lambda: bodies(aws, stack.parking_queue_url, name))
    asked = ("--queue", "parking", "--reason", "destination_refused")

    by_schedule(aws, stack)
    assert bodies(aws, stack.parking_queue_url, name)  # never touched by the schedule
    code, printed = run(aws, "redrive", stack.name, *asked)
    assert (code, "Nothing was moved" in printed) == (0, True), printed
    assert (len(bodies(aws, stack.parking_queue_url, name)), posts(slack, name)) == (1, [])

    code, printed = run(aws, "redrive", stack.name, *asked, "--run")
    assert (code, "│ moved" in printed) == (0, True), printed
    assert wait_for(lambda: posts(slack, name))
    assert (len(posts(slack, name)), bodies(aws, stack.parking_queue_url, name)) == (1, [])


def test_e8_of_two_redrives_at_once_one_refuses(aws: LocalAws, stack: Stack) -> None:
    def two() -> list[dict[str, Any]]:
        with ThreadPoolExecutor(2) as both:
            reports = list(both.map(lambda _: invoke(aws, stack, {}), range(2)))
        running = [one for one in reports if one["stopped"] == "running"]
        assert len(running) < 2
        return running

    [refused] = wait_for(two)  # the first two may come one after the other: one of them starts cold
    assert not any(refused[end] for end in (*ENDS, "waiting"))
