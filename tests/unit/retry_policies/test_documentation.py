"""The tables and the template of docs/retry-policies.md are those of the code."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
from samtranslator.yaml_helper import yaml_parse

from retry_policies import (
    Classification,
    ErrorKind,
    RetryPolicy,
    StopReason,
    aws_codes,
    http_failures,
    presets,
    service_codes,
    slack,
    slack_api,
)
from retry_policies.aws import classify_aws_for
from retry_policies.classification import DEFERRED
from retry_policies.http import classify_status
from retry_policies.testing import FakeTime
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.server import FaultServer
from tests.support.handlers.lambda_context import FixedContext
from tests.support.steps.failing import client_error
from tests.support.text.markdown import Rows, named, tables

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "retry-policies.md").read_text()
SESSION = boto3.Session("a", "b", region_name="eu-west-1")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def rows(heading: str) -> Rows:
    """Return the first table below a heading."""
    return tables(PAGE, heading)[0]


def test_the_table_of_statuses_is_that_of_the_code() -> None:
    listed = {kind: {int(status) for status in statuses.split(", ")} for kind, statuses in rows("HTTP statuses")}
    by_kind: dict[str, set[int]] = {}
    for status in range(300, 600):
        by_kind.setdefault(classify_status(status).kind.value, set()).add(status)
    del by_kind["PERMANENT"]
    throttled = {status for status in range(300, 600) if classify_status(status, 1.0).kind is ErrorKind.THROTTLED}
    assert listed == {**by_kind, "THROTTLED with `Retry-After`": throttled - by_kind["THROTTLED"]}


def test_the_table_of_errors_without_a_status_has_every_code() -> None:
    source = Path(http_failures.__file__).read_text()
    codes = {(code, kind) for kind, code in re.findall(r'ErrorKind\.(\w+), code="(\w+)"', source)}
    assert {(*named(code), kind) for code, kind, _ in rows("Errors without a status")} == codes


def test_the_tables_of_aws_are_those_of_the_code() -> None:
    everywhere, by_service, examples = tables(PAGE, "AWS")
    sets = [aws_codes.THROTTLED, aws_codes.TRANSIENT, aws_codes.TRANSIENT_ONCE, aws_codes.PERMANENT]
    assert [named(codes) for _, codes in everywhere] == sets
    listed = {(service, kind, frozenset(named(codes))) for kind, codes, cell in by_service for service in named(cell)}
    throttled = {(service, "THROTTLED", codes) for service, codes in service_codes.THROTTLED_BY_SERVICE.items()}
    transient = {(service, "TRANSIENT", codes) for service, codes in service_codes.TRANSIENT_BY_SERVICE.items()}
    assert listed == throttled | transient
    for cell, waiting, permanent in examples:
        (service,) = named(cell)
        classify = classify_aws_for(service)
        assert {classify(client_error(code)) for code in named(waiting)} == {
            Classification(ErrorKind.THROTTLED, DEFERRED, code) for code in named(waiting)
        }
        assert {classify(client_error(code)) for code in named(permanent)} == {
            Classification(ErrorKind.PERMANENT, code=code) for code in named(permanent)
        }


def test_the_table_of_slack_is_that_of_the_code() -> None:
    webhook = [named(codes) for _, codes, _ in rows("Slack")]
    of_api = [named(codes) for _, _, codes in rows("Slack")]
    nothing: set[str] = set()
    assert webhook == [
        slack.THROTTLED_CODES,
        slack.TRANSIENT_CODES,
        nothing,
        nothing,
        slack.REFUSED_DESTINATION_CODES,
        slack.REFUSED_MESSAGE_CODES,
    ]
    assert of_api == [
        slack.THROTTLED_CODES,
        slack_api.TRANSIENT_CODES,
        slack_api.DEFERRED_CODES,
        slack_api.AMBIGUOUS_CODES,
        slack_api.REFUSED_DESTINATION_CODES,
        slack_api.REFUSED_MESSAGE_CODES,
    ]


def test_the_table_of_presets_is_that_of_the_code() -> None:
    policies: list[RetryPolicy] = [presets.SLACK_WEBHOOK, presets.AWS_READ, presets.AWS_WRITE]
    for field, *values in rows("Presets"):
        assert values == [str(getattr(policy, field.strip("`"))) for policy in policies], field


def test_every_reason_to_stop_is_explained() -> None:
    explained = {name for reasons, _ in rows("Concepts") for name in reasons.split(", ")}
    assert explained == {reason.name for reason in StopReason}


def test_every_promise_names_tests_that_exist() -> None:
    files = Path(__file__).parent.glob("test_*.py")
    tests = set(re.findall(r"def (test_\w+)", "".join(file.read_text() for file in files)))
    promises = rows("What holds, and where it is tested")
    assert [promise.split(".")[0] for promise, _ in promises] == [str(number) for number in range(1, 16)]
    assert {name for _, cell in promises for name in re.findall(r"`(\w+)`", cell)} <= tests


def test_the_comparison_is_with_the_releases_that_are_measured() -> None:
    page = (ROOT / "docs" / "comparison.md").read_text()
    (named_releases,) = re.findall(r"^As of \w+ 20\d\d, with the releases (.*?)\. ", page, re.MULTILINE)
    releases = dict(re.findall(r"(\w+) ([\d.]+)", named_releases))
    assert list(releases) == ["tenacity", "stamina", "backoff", "pyfailsafe"]
    assert releases == {name: version(name) for name in releases}


def template_of_the_page() -> dict[str, Any]:
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
    template = template_of_the_page()
    ours = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]["RetryLayerArn"]["Properties"]["Name"]
    config = (ROOT / "samconfig.toml").read_text()
    assert 'stack_name = "holdfast"' in config
    written = ours["Fn::Sub"].replace("${AWS::StackName}", "holdfast")
    assert template["Parameters"]["RetryLayerArn"]["Default"] == written
    assert template["Resources"]["PriceFunction"]["Properties"]["Layers"] == [{"Ref": "RetryLayerArn"}]


def test_the_function_of_the_other_stack_runs() -> None:
    names: dict[str, Any] = {}
    exec(template_of_the_page()["Resources"]["PriceFunction"]["Properties"]["InlineCode"], names)  # noqa: S102 - our own page
    with FaultServer() as server:
        server.script("/", ["/503"], then=ask("/200", body='{"price": 3}'))
        policy = FakeTime().policy(names["POLICY"])
        assert names["handler"]({"url": server.url("/")}, FixedContext(30.0), policy) == {"price": 3}
