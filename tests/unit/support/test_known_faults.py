"""What pip-audit says about our packages, and what we make of it."""

import json

import pytest

from holdfast_cli.failures import CommandFailed
from tests.support.text.known_faults import OutOfReach, known_faults, main, said

SKIPPED = {"name": "idna", "skip_reason": "Dependency not found on PyPI and could not be audited: idna (3.20)"}
GOOD = {"name": "tenacity", "version": "9.2.1", "vulns": []}
BAD = {"name": "requests", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": []}]}


def told(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_nothing_known_is_nothing_said() -> None:
    assert known_faults(told(GOOD)) == []


def test_a_vulnerability_is_said_with_the_version_that_mends_it() -> None:
    assert known_faults(told(GOOD, BAD)) == ["requests 2.0: PYSEC-1, mended in 2.1"]


def test_one_package_that_was_not_looked_at_is_a_fault() -> None:
    assert known_faults(told(GOOD, SKIPPED)) == [SKIPPED["skip_reason"]]


def test_where_no_package_was_looked_at_the_database_was_out_of_reach() -> None:
    with pytest.raises(OutOfReach, match="could not be audited"):
        known_faults(told(SKIPPED))


def test_what_is_known_fails_also_where_the_database_is_gone_after_that() -> None:
    answers = iter([told(BAD), told(SKIPPED)])
    with pytest.raises(CommandFailed, match="PYSEC-1"):
        main(lambda _: next(answers))


def test_where_nobody_can_be_asked_it_is_said_and_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(lambda _: told(SKIPPED)) == 0
    assert "skipped" in capsys.readouterr().out


def test_a_pip_audit_that_does_not_run_is_not_taken_for_a_database_out_of_reach() -> None:
    with pytest.raises(OutOfReach, match="ConnectionError"):
        said("", "Traceback\nrequests.exceptions.ConnectionError: HTTPSConnectionPool")
    for problem in ("", "pip-audit: error: unrecognized arguments: --disable-pip"):
        with pytest.raises(CommandFailed):
            said("", problem)
