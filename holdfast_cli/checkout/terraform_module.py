"""The variables and outputs of deploy/terraform, made from the template.

python -m holdfast_cli.checkout.terraform_module   # writes variables.tf, parameters.tf and outputs.tf
"""

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from holdfast_cli.checkout.packaging import read_template
from holdfast_cli.sam import ROOT

FOLDER = ROOT / "deploy" / "terraform"
HEAD = "# Made from template.yaml by `python -m holdfast_cli.checkout.terraform_module`.\n\n"
STACK = "aws_cloudformation_stack.holdfast"
TYPES = {"String": "string", "Number": "number", "CommaDelimitedList": "list(string)"}


def files() -> dict[str, str]:
    """Return the text of each file by its name."""
    template = read_template(ROOT / "template.yaml")
    parameters, outputs = template["Parameters"], template["Outputs"]
    width = max(map(len, parameters))
    lines = "".join(f"    {name.ljust(width)} = {_value(name, one)}\n" for name, one in parameters.items())
    return {
        "variables.tf": HEAD + "\n".join(_variable(name, one) for name, one in parameters.items()),
        "parameters.tf": f"{HEAD}locals {{\n  parameters = {{\n{lines}  }}\n}}\n",
        "outputs.tf": HEAD + "\n".join(_output(name, one) for name, one in outputs.items()),
    }


def snake(name: str) -> str:
    """Return OpsTopicArn as ops_topic_arn."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _variable(name: str, parameter: Mapping[str, Any]) -> str:
    allowed = [str(one) for one in parameter.get("AllowedValues", ())]
    values = ", ".join(allowed) if parameter["Type"] == "Number" else ", ".join(map(json.dumps, allowed))
    condition = f"contains([{values}], var.{snake(name)})"
    rule = json.dumps(f"{name} {parameter.get('ConstraintDescription', '')}")
    return (
        f'variable "{snake(name)}" {{\n'
        f"  description = {_text(parameter['Description'])}\n"
        f"  type        = {TYPES[parameter['Type']]}\n"
        f"  default     = {_default(parameter)}\n"
        + (f"\n  validation {{\n    condition     = {condition}\n    error_message = {rule}\n  }}\n" if allowed else "")
        + "}\n"
    )


def _default(parameter: Mapping[str, Any]) -> str:
    match parameter["Type"]:
        case "Number":
            return str(parameter["Default"])
        case "CommaDelimitedList":
            return json.dumps([one for one in parameter["Default"].split(",") if one])
        case _:
            return json.dumps(parameter["Default"])


def _value(name: str, parameter: Mapping[str, Any]) -> str:
    """Return the text that CloudFormation takes."""
    variable = f"var.{snake(name)}"
    match parameter["Type"]:
        case "Number":
            return f"tostring({variable})"
        case "CommaDelimitedList":
            return f'join(",", {variable})'
        case _:
            return variable


def _output(name: str, output: Mapping[str, Any]) -> str:
    found = f'{STACK}.outputs["{name}"]'
    value = f"try({found}, null)" if "Condition" in output else found
    description = _text(output["Description"])
    return f'output "{snake(name)}" {{\n  description = {description}\n  value       = {value}\n}}\n'


def _text(text: str) -> str:
    """Return a text of HCL; ${ would begin an expression."""
    return json.dumps(text.replace("${", "$${"), ensure_ascii=False)


def main() -> int:
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
