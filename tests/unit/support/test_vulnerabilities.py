"""The verdict of `make audit` on the report of pip-audit."""

import json

import pytest

from holdfast_cli.failures import CommandFailed
from tests.support.text.vulnerabilities import DatabaseUnreachable, main, report_of, vulnerabilities

SKIPPED = {"name": "idna", "skip_reason": "Dependency not found on PyPI and could not be audited: idna (3.20)"}
GOOD = {"name": "tenacity", "version": "9.2.1", "vulns": []}
BAD = {"name": "requests", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": []}]}


def report(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("packages", "problems"),
    [([GOOD], []), ([GOOD, BAD], ["requests 2.0: PYSEC-1, fixed in 2.1"]), ([GOOD, SKIPPED], [SKIPPED["skip_reason"]])],
)
def test_each_vulnerability_and_each_unchecked_package_is_a_problem(
    packages: list[object], problems: list[str]
) -> None:
    assert vulnerabilities(report(*packages)) == problems


def test_an_unreachable_database_hides_no_earlier_problem() -> None:
    reports = iter([report(BAD), report(SKIPPED)])
    with pytest.raises(CommandFailed, match="PYSEC-1"):
        main(lambda _: next(reports))


def test_an_unreachable_database_is_reported_and_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(lambda _: report(SKIPPED)) == 0
    assert "could not be audited" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        ("Traceback\nrequests.exceptions.ConnectionError: HTTPSConnectionPool", DatabaseUnreachable),
        ("", CommandFailed),
        ("pip-audit: error: unrecognized arguments: --disable-pip", CommandFailed),
    ],
)
def test_only_a_connection_error_means_an_unreachable_database(problem: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        report_of("", problem)
