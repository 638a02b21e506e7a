"""`make audit`: what is known to be wrong with the packages of our hashed requirement files."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.sam import ROOT

PIP_AUDIT = ROOT / ".tools/supply/bin/pip-audit"
FILES = [ROOT / "layers/retry/requirements.txt", *sorted(ROOT.glob("requirements/*.txt"))]
"""What runs in Lambda comes first."""


CONNECTION = re.compile(r"Connection|Timeout|SSLError|ProxyError|Max retries")
"""What a failed connection is called by the libraries that pip-audit uses."""


class OutOfReach(Exception):
    """The database cannot be asked."""


def known_faults(told: str) -> list[str]:
    """pip-audit's JSON -> a line for each vulnerability; raises OutOfReach if it knew nothing about any package."""
    packages = json.loads(told)["dependencies"]
    unknown = [one for one in packages if "skip_reason" in one]
    if len(unknown) == len(packages):
        raise OutOfReach(unknown[0]["skip_reason"] if unknown else "there is no package")
    return [one["skip_reason"] for one in unknown] + [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"
        for one in packages
        for fault in one.get("vulns", [])
    ]


def main(ask: Callable[[Path], str]) -> int:
    """Ask about each file -> 0; fails where something is known, also where the database is gone after that."""
    faults = []
    for file in FILES:
        try:
            found = known_faults(ask(file))
        except OutOfReach as error:
            print(f"pip-audit skipped: its database cannot be reached ({error})")
            break
        print(f"pip-audit {file.relative_to(ROOT)}: {len(found)} known faults")
        faults += found
    if faults:
        raise CommandFailed("\n".join(faults), "compile the files anew (make lock), or say why not in docs/security.md")
    return 0


def ask_pip_audit(file: Path) -> str:
    """What it says in JSON; raises OutOfReach, or CommandFailed where it said nothing for another reason."""
    done = subprocess.run(  # noqa: S603 - our own tools, no shell
        [PIP_AUDIT, "--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json", "-r", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return said(done.stdout, done.stderr)


def said(told: str, problem: str) -> str:
    """What it printed, or why it printed nothing."""
    if told:
        return told
    if CONNECTION.search(problem):
        raise OutOfReach(problem.strip().splitlines()[-1])
    raise CommandFailed(f"pip-audit does not run:\n{problem}", "see whether it still takes the options of make audit")


if __name__ == "__main__":
    sys.exit(run_command(partial(main, ask_pip_audit)))
