"""What pip-audit says about our packages, and what we make of it."""

import json

import pytest

from tests.support.known_faults import OutOfReach, known_faults

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
