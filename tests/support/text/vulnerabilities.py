"""`make audit`: report the known vulnerabilities of the packages in the hashed requirement files."""

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
"""The packages that run in Lambda are first."""
CONNECTION_ERROR = re.compile(r"Connection|Timeout|SSLError|ProxyError|Max retries")
"""Words of connection errors of the libraries that pip-audit uses."""


class DatabaseUnreachable(Exception):
    """The database of vulnerabilities cannot be reached."""


def vulnerabilities(report: str) -> list[str]:
    """Return a line for each problem in pip-audit's JSON; raise DatabaseUnreachable if no package was checked."""
    packages = json.loads(report)["dependencies"]
    skipped = [one["skip_reason"] for one in packages if "skip_reason" in one]
    if len(skipped) == len(packages):
        raise DatabaseUnreachable(skipped[0] if skipped else "there is no package")
    return skipped + [
        f"{one['name']} {one['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'no version'}"
        for one in packages
        for found in one.get("vulns", [])
    ]


def main(audit: Callable[[Path], str]) -> int:
    """Audit each file; raise CommandFailed for problems, even if the database becomes unreachable after them."""
    problems = []
    for file in FILES:
        try:
            found = vulnerabilities(audit(file))
        except DatabaseUnreachable as error:
            print(f"pip-audit skipped: its database cannot be reached ({error})")
            break
        print(f"pip-audit {file.relative_to(ROOT)}: {len(found)} known vulnerabilities")
        problems += found
    if problems:
        raise CommandFailed("\n".join(problems), "run make lock, or give the reason against it in docs/security.md")
    return 0


def pip_audit(file: Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own tools, no shell
        [PIP_AUDIT, "--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json", "-r", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return report_of(done.stdout, done.stderr)


def report_of(output: str, problem: str) -> str:
    """Return the output; if it is empty, raise DatabaseUnreachable or CommandFailed."""
    if output:
        return output
    if CONNECTION_ERROR.search(problem):
        raise DatabaseUnreachable(problem.strip().splitlines()[-1])
    raise CommandFailed(f"pip-audit does not run:\n{problem}", "check that it still takes the options of make audit")


if __name__ == "__main__":
    sys.exit(run_command(partial(main, pip_audit)))
