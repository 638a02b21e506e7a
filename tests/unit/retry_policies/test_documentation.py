"""docs/retry-policies.md is run: its code, its tables, its template."""

import re
import socket
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

from retry_policies import RetryPolicy, StopReason, presets
from retry_policies.testing import FakeTime
from tests.support.fault_server import raw_server
from tests.support.fault_server.raw_server import Behaviour, RawServer
from tests.support.handlers.lambda_context import FixedContext

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "retry-policies.md").read_text()
NOBODY = boto3.Session("a", "b", region_name="eu-west-1")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """What the page's code has defined when all of it has run, in order."""
    names: dict[str, Any] = {}
    for block in blocks("python"):
        exec(block, names)  # noqa: S102 - our own page
    return names


def answer(status: str, *headers: str, body: str = "{}") -> Behaviour:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body]
    return raw_server.answer("\r\n".join(lines).encode())


def test_the_recipe_for_http_posts_or_says_when_to_try_again(page: dict[str, Any]) -> None:
    announce, time = page["announce"], FakeTime()
    with RawServer(answer("200 OK")) as server:
        assert announce(f"http://127.0.0.1:{server.port}/", "hello", time.deadline(5)) == 0.0
    with RawServer(answer("429 Too Many Requests", "Retry-After: 60")) as server:
        assert announce(f"http://127.0.0.1:{server.port}/", "hello", time.deadline(5)) == 60.0
    with RawServer(answer("404 Not Found")) as server:
        host = f"127.0.0.1:{server.port}"
        with pytest.raises(page["Refused"], match=r"^404$") as raised:
            announce(f"http://{host}/", "hello", time.deadline(5))
    assert host not in "".join(traceback.format_exception(raised.value))
    assert announce("http://127.0.0.1/", "hello", time.deadline(0.1)) == 30.0


@mock_aws
def test_the_recipe_for_boto3_reads_a_parameter(page: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", NOBODY)
    NOBODY.client("ssm").put_parameter(Name="n", Value="v", Type="String")
    assert page["parameter"]("n", FakeTime().deadline(5)) == "v"


def test_the_recipe_for_batches_names_what_was_not_sent(page: dict[str, Any]) -> None:
    sqs = NOBODY.client("sqs")
    failed = {"Id": "1", "SenderFault": True, "Code": "InvalidMessageContents"}
    sent = {"Id": "0", "MessageId": "m", "MD5OfMessageBody": "x"}
    with Stubber(sqs) as stubber:
        stubber.add_response("send_message_batch", {"Successful": [sent], "Failed": [failed]})
        assert page["send"](sqs, "https://sqs.invalid/q", ["a", "b"], FakeTime().deadline(5)) == ["1"]


def test_the_example_of_a_test_passes(page: dict[str, Any]) -> None:
    page["test_an_order_waits_for_stock"]()


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    text = PAGE.split(f"## {heading}\n", 1)[1]
    lines = [line for line in re.split(r"\n## ", text)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_table_of_presets_is_that_of_the_code() -> None:
    policies: list[RetryPolicy] = [presets.SLACK_WEBHOOK, presets.AWS_READ, presets.AWS_WRITE]
    for field, *values in rows("Presets"):
        assert values == [str(getattr(policy, field.strip("`"))) for policy in policies], field


def test_every_reason_to_stop_is_explained() -> None:
    named = {name for reasons, _ in rows("Concepts") for name in reasons.split(", ")}
    assert named == {reason.name for reason in StopReason}


def test_every_promise_names_tests_that_exist() -> None:
    folder = Path(__file__).parent / "promises"
    there = set(re.findall(r"def (test_\w+)", "".join(file.read_text() for file in folder.glob("test_*.py"))))
    promises = rows("What holds, and where it is tested")
    assert [promise.split(".")[0] for promise, _ in promises] == [str(number) for number in range(1, 16)]
    assert {name for _, tests in promises for name in re.findall(r"`(\w+)`", tests)} <= there


def theirs() -> dict[str, Any]:
    (text,) = blocks("yaml")
    template: dict[str, Any] = yaml_parse(text)
    return template


def test_the_template_of_the_other_stack_passes_cfn_lint(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(*blocks("yaml"))
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(template)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our tool
    assert found.stdout + found.stderr == ""


def test_the_template_of_the_other_stack_reads_the_parameter_that_ours_writes() -> None:
    template = theirs()
    ours = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]["RetryLayerArn"]["Properties"]["Name"]
    config = (ROOT / "samconfig.toml").read_text()
    assert 'stack_name = "holdfast"' in config
    written = ours["Fn::Sub"].replace("${AWS::StackName}", "holdfast")
    assert template["Parameters"]["RetryLayerArn"]["Default"] == written
    assert template["Resources"]["PriceFunction"]["Properties"]["Layers"] == [{"Ref": "RetryLayerArn"}]


def test_the_function_of_the_other_stack_runs() -> None:
    names: dict[str, Any] = {}
    exec(theirs()["Resources"]["PriceFunction"]["Properties"]["InlineCode"], names)  # noqa: S102 - our own page
    answers = [answer("503 Service Unavailable"), answer("200 OK", body='{"price": 3}')]
    policy = FakeTime().policy(names["POLICY"])

    def behave(connection: socket.socket) -> None:
        now = answers.pop(0)
        now(connection)

    with RawServer(behave) as server:
        event = {"url": f"http://127.0.0.1:{server.port}/"}
        assert names["handler"](event, FixedContext(30.0), policy) == {"price": 3}
