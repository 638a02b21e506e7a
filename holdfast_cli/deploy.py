"""`make deploy`: ask for the values without a default, then run `sam deploy`."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.questions import DESTINATION, OPS_EMAIL, STACK, Question, Read, ask_region
from holdfast_cli.sam import ROOT, SAM, override

BUILT = Path(".aws-sam/build/template.yaml")
# Enter omits a parameter: a deployed stack keeps its value, a new one takes the template's default. A rule of the
# template refuses a new stack without an address for operations.
PARAMETERS: Mapping[str, Question] = {
    "DefaultDestination": replace(
        DESTINATION,
        field="default destination",
        hint="the name under which its secret will be stored",
        default="",
        shown_default="default, or the present one of the stack",
    ),
    "OpsEmail": OPS_EMAIL,
}


def main() -> int:
    """Ask, deploy, and print the next steps."""
    if not (ROOT / BUILT).exists():
        raise CommandFailed("there is nothing built to deploy", "run: make deploy (it builds first)")
    command = deploy_command(os.environ)
    sys.stdout.flush()
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0"}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - our own sam, no shell
    if code == 0:
        print(
            "\nnext: make secret STACK=…, which stores the destination's webhook or bot token\n"
            "then: name AlertsTopicArn (above) as the action of an alarm, for ALARM and for OK\n"
            "and confirm the subscription that was mailed to the ops address"
        )
    return code


def deploy_command(environ: Mapping[str, str], read: Read = input) -> list[str]:
    """Ask for the parameters, add those of PARAMETERS (Name=value Name='a value'), and return the command."""
    stack = STACK.ask(environ, read)
    answers = {name: question.ask(environ, read) for name, question in PARAMETERS.items()}
    region = ask_region(environ, read)
    others = (one.partition("=") for one in shlex.split(environ.get("PARAMETERS", "")))
    overrides = [f"{name}={answer}" for name, answer in answers.items() if answer]
    overrides += [override(name, value) for name, _, value in others]
    return [
        *(str(SAM), "deploy", "--config-env", "prod"),
        *("--stack-name", stack, "--region", region),
        *(("--parameter-overrides", *overrides) if overrides else ()),
    ]


if __name__ == "__main__":
    sys.exit(run_command(main))
