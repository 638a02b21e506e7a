"""The commands of operators on the local AWS: secret, verify, parked."""

import json

from tests.support.local_aws.pipeline import LocalPipeline

TEST_ALERT = "Holdfast test alert"


def test_a_webhook_is_stored_where_the_stack_reads_it(pipeline: LocalPipeline) -> None:
    webhook, name = pipeline.slack.webhook_url("operators"), f"{pipeline.stack.destinations_path}/operators"
    variables = {"STACK": pipeline.stack.name, "DESTINATION": "operators"}
    code, output = pipeline.run_command("secret", stdin=f"{webhook}\n", **variables)
    assert code == 0, output
    stored = pipeline.aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    assert stored == webhook
    assert f"stored as {name} in ssm" in output
    assert webhook.rpartition("/")[2] not in output


def test_a_pipeline_that_delivers_is_verified(pipeline: LocalPipeline) -> None:
    code, output = pipeline.run_command("verify", STACK=pipeline.stack.name)
    assert code == 0, output
    [delivered] = [line for line in output.splitlines() if line.startswith(f"delivered: {TEST_ALERT}")]
    [post] = pipeline.posts(delivered.strip()[-6:])
    assert f"OK {TEST_ALERT}" in post.text


def test_a_refused_test_alert_fails_and_is_listed_with_its_reason(pipeline: LocalPipeline) -> None:
    stack = pipeline.stack
    pipeline.slack.script([{"body": "channel_not_found"}], match=TEST_ALERT)
    code, output = pipeline.run_command("verify", "--stack", stack.name)
    assert code == 1
    assert "not delivered but parked: destination_refused (channel_not_found), receive 1" in output
    assert f"holdfast secret --stack {stack.name}" in output
    name = output.partition("published: ")[2].partition(" (")[0]

    code, output = pipeline.run_command("parked", "--stack", stack.name, "--json")
    assert code == 0, output
    [listed] = [one for one in json.loads(output)["parked"] if name in one["what"]]
    assert (listed["what"], listed["reason"], listed["hop"]) == (f"OK {name}", "destination_refused", 0)
    assert all(one.is_visible for one in pipeline.queued(stack.parking_queue_url))
    code, output = pipeline.run_command("parked", "--stack", stack.name)
    assert (code, name in output, "approximate count" in output) == (0, True, True)


def test_an_unknown_stack_is_named_without_a_traceback(pipeline: LocalPipeline) -> None:
    code, output = pipeline.run_command("verify", "--stack", "nowhere")
    assert code == 4
    assert "there is no stack nowhere" in output
    assert "Traceback" not in output
