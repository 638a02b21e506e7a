"""Each code block of the documentation is run or checked by a test."""

import re
import shlex
import textwrap

import boto3
import pytest
import typer
from botocore.model import StructureShape
from samtranslator.yaml_helper import yaml_parse
from typer.core import TyperGroup

from holdfast_cli import kinds
from holdfast_cli.app import app
from holdfast_cli.deployment import packaged
from notifications.kinds.table import KINDS
from notifications.line import line
from tests.support.stack.template import ROOT

HERE = "unit/test_code_blocks"
HOWTO = "unit/retry_policies/test_howto"
TESTS: dict[str, dict[str, tuple[str, ...]]] = {
    "README.md": {"sh": (HERE, "sam_local/test_invoke")},
    "wheel/README.md": {"python": (HOWTO, "wheel/test_wheel")},
    "docs/actions.md": {"sh": (HERE,), "json": ("unit/aws_actions/rules/test_document", "e2e/test_actions")},
    "docs/adding-a-kind.md": dict.fromkeys(("json", "python", "text"), ("unit/notifications/test_adding_a_kind",)),
    "docs/command.md": {"sh": (HERE,), "text": ("unit/holdfast_cli/deployment/test_plan",)},
    "docs/first-deployment.md": {"console": ("e2e/test_newcomer",)},
    "docs/howto/batches.md": {"python": (HOWTO,)},
    "docs/howto/boto3.md": {"python": (HOWTO,)},
    "docs/howto/http.md": {"python": (HOWTO,)},
    "docs/howto/slack.md": {"python": (HOWTO,)},
    "docs/howto/testing.md": {"python": (HOWTO,)},
    "docs/infrastructure-as-code.md": {
        "hcl": ("unit/holdfast_cli/checkout/test_terraform_module",),
        "python": (HERE,),
    },
    "docs/many-accounts.md": {"sh": ("e2e/test_many_accounts",)},
    "docs/messages.md": {"text": (HERE,)},
    "docs/reference/events.md": dict.fromkeys(("python", "text"), (HOWTO,)),
    "docs/release.md": {"sh": (HERE, "release/test_deployment")},
    "docs/retry-policies.md": {"python": (HOWTO,), "yaml": ("unit/retry_policies/test_documentation",)},
    "docs/retry-walkthrough.md": {"json": ("integration/test_walkthrough",)},
    "docs/routes.md": {"json": ("unit/routes/test_document",), "sh": (HERE,)},
    "docs/runbook.md": {"sh": ("e2e/test_runbook",)},
    "docs/slack-app.md": {"yaml": (HERE,)},
    "docs/tutorial.md": {
        "sh": ("wheel/test_wheel",),
        **dict.fromkeys(("python", "text"), ("integration/test_tutorial", "wheel/test_wheel")),
    },
}
"""The tests of each page's blocks, by language."""
DIAGRAMS = {"README.md", "docs/architecture.md", "docs/security.md"}
"""Pages with blocks in no language."""

PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("wheel/*.md"), *ROOT.glob("docs/**/*.md")))
PARAMETERS = yaml_parse((ROOT / "template.yaml").read_text())["Parameters"]
BLOCK = re.compile(r"^ *```(?P<language>\w*)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    return [block["code"] for block in BLOCK.finditer((ROOT / page).read_text()) if block["language"] == language]


def test_each_language_of_each_page_has_a_test() -> None:
    found: dict[str, set[str]] = {}
    for page in PAGES:
        for block in BLOCK.finditer(page.read_text()):
            found.setdefault(str(page.relative_to(ROOT)), set()).add(block["language"])
    assert {page for page, languages in found.items() if "" in languages} == DIAGRAMS
    assert {page: languages for page in found if (languages := found[page] - {""})} == {
        page: set(tests) for page, tests in TESTS.items()
    }


def test_each_of_these_tests_exists() -> None:
    names = {name for tests in TESTS.values() for some in tests.values() for name in some}
    assert [name for name in names if not (ROOT / "tests" / f"{name}.py").exists()] == []


def commands(page: str, beginning: str) -> list[str]:
    """Return the commands of a page with this beginning."""
    lines = "".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith(beginning)]


def test_each_make_of_readme_is_a_target() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = [command.split()[1] for command in commands("README.md", "make ")]
    assert set(asked) <= set(targets)
    assert asked == ["demo", "console"]


@pytest.mark.parametrize("page", ["docs/command.md", "docs/release.md"])
def test_each_command_of_a_page_is_one_of_holdfast(page: str) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for said in commands(page, "holdfast "):
        _, name, *arguments = shlex.split(said)
        command = group.get_command(typer.Context(group), name)
        assert command is not None
        values = command.make_context(name, arguments).params
        assert {one.partition("=")[0] for one in values["parameter"] or ()} <= set(PARAMETERS)


def test_the_stack_of_the_cdk_sets_parameters_and_reads_an_output_of_the_template() -> None:
    (block,) = blocks("docs/infrastructure-as-code.md", "python")
    compile(block, "the page", "exec")
    assert set(re.findall(r'"([A-Z]\w+)": ', block)) <= {*PARAMETERS, *packaged.PARAMETERS}
    (output,) = re.findall(r"Outputs\.(\w+)", block)
    assert output in yaml_parse((ROOT / "template.yaml").read_text())["Outputs"]


def test_the_app_of_slack_asks_for_the_scopes_that_the_page_explains() -> None:
    (manifest,) = (yaml_parse(textwrap.dedent(block)) for block in blocks("docs/slack-app.md", "yaml"))
    explained = re.findall(r"^\| `([a-z:]+)` \|", (ROOT / "docs" / "slack-app.md").read_text(), re.MULTILINE)
    assert manifest["oauth_config"]["scopes"]["bot"] == list(dict.fromkeys(explained))


def test_the_deployment_with_actions_sets_parameters_of_the_template() -> None:
    (command,) = commands("docs/actions.md", "make deploy")
    names = re.findall(r"(\w+)=", command.partition('PARAMETERS="')[2])
    assert names == ["AllowedActions", "ActionResourceArns"]
    assert set(names) <= set(PARAMETERS)


@pytest.mark.parametrize("page", ["docs/actions.md", "docs/routes.md"])
def test_a_document_is_stored_by_a_call_that_aws_knows(page: str) -> None:
    (command,) = commands(page, "aws ssm put-parameter")
    shape = boto3.client("ssm", region_name="eu-west-1").meta.service_model.shape_for("PutParameterRequest")
    assert isinstance(shape, StructureShape)
    assert {option.capitalize() for option in re.findall(r"--(\w+)", command)} <= set(shape.members)
    assert "--type String " in command
    assert re.findall(r"--name (\S+)", command) in [["/holdfast/routes"], ["/holdfast/action-rules"]]


def test_the_lines_of_the_messages_are_those_of_samples() -> None:
    (block,) = blocks("docs/messages.md", "text")
    lines = {line(kinds.notification_of(kinds.SAMPLES / sample)) for row in KINDS for sample in row.samples}
    shown = block.replace(
        "(shop-prod, ", "(111122223333, "
    ).splitlines()  # the name of an account comes from the routes
    assert [one for one in shown if one not in lines] == []
