"""The deployed redrive, under its own role, returns dead letters by its schedule and parked alerts by request."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.support.local_aws.pipeline import LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

ENDS = ("moved", "probes", "expired", "failed")


def run_as_scheduled(pipeline: LocalPipeline) -> dict[str, Any]:
    """Invoke redrive with the event of its schedule, which runs too rarely for a test."""
    schedule = pipeline.resource("RedriveSchedule").rpartition("/")[2]
    target = pipeline.aws.client("scheduler").get_schedule(Name=schedule)["Target"]
    assert target["Arn"].endswith(pipeline.stack.outputs["RedriveFunctionName"])
    return pipeline.redrive(**json.loads(target["Input"]))


def test_an_alert_that_keeps_failing_is_dead_until_scheduled_redrive_delivers_it_once(pipeline: LocalPipeline) -> None:
    name, stack = unique("redrive"), pipeline.stack
    pipeline.slack.script([{"status": 503, "retry_after": 3}] * 4, match=name)  # one answer per receive
    pipeline.publish(name)
    assert wait_for(lambda: pipeline.queued(stack.lanes_dead_letter_queue_url, name))
    assert not any(pipeline.queued(url, name) for url in (stack.alerts_queue_url, stack.lanes_queue_url))

    def dead_letters() -> int:
        return len(pipeline.queued(stack.dead_letter_queue_url) + pipeline.queued(stack.lanes_dead_letter_queue_url))

    before = dead_letters()
    report = pipeline.redrive()  # without parameters: a dry run
    assert (report["dry_run"], report["stopped"]) == (True, "done")
    assert sum(report[end] for end in (*ENDS, "waiting")) == before == dead_letters()

    assert run_as_scheduled(pipeline)["stopped"] in {"done", "time"}
    assert len(wait_for(lambda: pipeline.posts(name))) == 1
    assert not pipeline.queued(stack.lanes_dead_letter_queue_url, name)


def test_a_parked_alert_is_delivered_after_the_fix_when_an_operator_asks_for_it(pipeline: LocalPipeline) -> None:
    name, parking = unique("redrive"), pipeline.stack.parking_queue_url
    pipeline.slack.script([{"body": "channel_not_found"}], match=name)
    pipeline.publish(name)
    assert wait_for(lambda: pipeline.queued(parking, name))
    arguments = ("--stack", pipeline.stack.name, "--queue", "parking", "--reason", "destination_refused")

    run_as_scheduled(pipeline)
    assert pipeline.queued(parking, name)  # the schedule never returns a parked alert
    code, output = pipeline.run_command("redrive", *arguments)
    assert (code, "Nothing was moved" in output) == (0, True), output
    assert (len(pipeline.queued(parking, name)), pipeline.posts(name)) == (1, [])

    code, output = pipeline.run_command("redrive", *arguments, "--run")
    assert (code, "│ moved" in output) == (0, True), output
    assert len(wait_for(lambda: pipeline.posts(name))) == 1
    assert not pipeline.queued(parking, name)


def test_e8_of_two_concurrent_redrives_one_refuses(pipeline: LocalPipeline) -> None:
    def refused() -> list[dict[str, Any]]:
        with ThreadPoolExecutor(2) as pool:
            reports = list(pool.map(lambda _: pipeline.redrive(), range(2)))
        running = [one for one in reports if one["stopped"] == "running"]
        assert len(running) < 2
        return running

    [report] = wait_for(refused)  # a cold start may delay the first of two until the second has ended
    assert not any(report[end] for end in (*ENDS, "waiting"))
