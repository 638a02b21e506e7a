import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from holdfast_cli.checkout.terraform_module import FOLDER, files, snake
from holdfast_cli.installation import FILES as FILES_ROOT
from tests.support.stack.template import source

TERRAFORM = shutil.which("terraform")
NEEDS_TERRAFORM = pytest.mark.skipif(
    TERRAFORM is None,
    reason="Debian has no package of terraform; the other tests hold the files to the template",
)
FILES = {one.name: one.read_text(encoding="utf-8") for one in FOLDER.glob("*.tf")}
MAIN = FILES["main.tf"]


def terraform(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), "CHECKPOINT_DISABLE": "1"}
    command = [str(TERRAFORM), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - terraform


def test_the_files_are_those_that_the_template_makes() -> None:
    assert {name: FILES[name] for name in files()} == files()


def test_each_parameter_has_a_variable_of_its_type_and_reaches_the_stack() -> None:
    for name, parameter in source()["Parameters"].items():
        [block] = re.findall(
            rf'^variable "{snake(name)}" \{{\n(.*?)^\}}$', FILES["variables.tf"], re.DOTALL | re.MULTILINE
        )
        kinds = {"String": "string", "Number": "number", "CommaDelimitedList": "list(string)"}
        assert f"type        = {kinds[parameter['Type']]}\n" in block
        assert ("validation {" in block) == ("AllowedValues" in parameter)
        assert re.search(rf"^    {name} += .*var\.{snake(name)}\b", FILES["parameters.tf"], re.MULTILINE)


def test_each_output_is_one_of_the_module() -> None:
    for name, output in source()["Outputs"].items():
        value = f'aws_cloudformation_stack.holdfast.outputs["{name}"]'
        assert (f"try({value}, null)" if "Condition" in output else f"= {value}\n") in FILES["outputs.tf"]


def test_the_stack_comes_from_a_bucket_of_the_user() -> None:
    assert "template_url = " in MAIN
    assert "template_body" not in MAIN
    assert '["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]' in MAIN
    assert re.findall(r"^    (Artifacts\w+) =", MAIN, re.MULTILINE) == ["ArtifactsBucket", "ArtifactsPrefix"]


def test_the_page_sets_variables_and_reads_outputs_of_the_module() -> None:
    page = (FILES_ROOT / "docs/infrastructure-as-code.md").read_text(encoding="utf-8")
    (module,) = re.findall(r'module "holdfast" \{\n(.*?)^\}', page, re.DOTALL | re.MULTILINE)
    variables = re.findall(r'^variable "(\w+)"', MAIN + FILES["variables.tf"], re.MULTILINE)
    assert {name for name in re.findall(r"^  (\w+) +=", module, re.MULTILINE) if name != "source"} <= set(variables)
    assert {f'output "{name}"' in FILES["outputs.tf"] for name in re.findall(r"module\.holdfast\.(\w+)", page)} == {
        True
    }


@NEEDS_TERRAFORM
def test_terraform_reads_and_would_not_change_the_files(tmp_path: Path) -> None:
    done = terraform("fmt", "-check", "-diff", FOLDER, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


@NEEDS_TERRAFORM
def test_variables_and_parameters_are_valid_without_a_provider(tmp_path: Path) -> None:
    for name in ("variables.tf", "parameters.tf"):
        shutil.copy(FOLDER / name, tmp_path)
    terraform("init", "-backend=false", cwd=tmp_path)
    done = terraform("validate", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
