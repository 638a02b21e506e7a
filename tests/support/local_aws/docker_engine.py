"""The Docker engine: its presence, the image of the functions, and the address of this machine for containers."""

import subprocess
import sys
from functools import cache

from demo.platform import PARAMETERS
from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.sam import ROOT

PUBLIC = f"public.ecr.aws/lambda/python:3.13-{PARAMETERS['Architecture']}"
OURS = "holdfast-lambda-root"
ROOT_TAR = ROOT / ".tools/lambda-root.tar"
IMAGE = ("WORKDIR /var/task", "ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime")


def require_engine() -> None:
    """Raise CommandFailed if there is no Docker engine."""
    try:
        docker("version", "--format", "{{.Server.Version}}")
    except (CommandFailed, FileNotFoundError) as error:
        raise CommandFailed(
            "sam local runs functions in containers, and no Docker engine answers here",
            "start Docker; or, as root on Debian: apt-get install docker.io debootstrap; make .tools/lambda-root.tar; "
            "tests/support/with-engine make test-sam-local",
        ) from error


def lambda_image(endpoint: str) -> str:
    """Build an image of Lambda's Python whose boto3 uses an endpoint; return its name."""
    name = f"holdfast-lambda:{endpoint.rpartition(':')[2]}"
    docker("build", "--quiet", "--tag", name, "-", stdin=f"FROM {_base_image()}\nENV AWS_ENDPOINT_URL={endpoint}\n")
    return name


def bridge_address() -> str:
    """Return the address of this machine in the network of the containers."""
    return docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")


def docker(*arguments: str, stdin: str = "") -> str:
    """Run the Docker client and return its output; raise CommandFailed if it fails."""
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        ["docker", *arguments],  # noqa: S607 - the one on PATH
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        raise CommandFailed(f"docker {arguments[0]} did not succeed: {done.stderr.strip()}", "fix the error above")
    return done.stdout.strip()


@cache
def _base_image() -> str:
    """Return the public image or, without a registry, our own image of Debian packages."""
    try:
        docker("pull", "--quiet", PUBLIC)
    except CommandFailed as error:
        if not ROOT_TAR.exists():
            raise CommandFailed(
                f"{PUBLIC} cannot be pulled: {error.problem}", "as root: make .tools/lambda-root.tar"
            ) from error
        changes = [word for change in IMAGE for word in ("--change", change)]
        docker("import", *changes, str(ROOT_TAR), OURS)
        return OURS
    return PUBLIC


def _main() -> int:
    require_engine()
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
