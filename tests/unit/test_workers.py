"""Tests that share a deployed stack run on one worker; the others wherever there is room."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # pytest-xdist ships no types for it

from tests.conftest import ByStack, unit_of


def test_what_shares_a_stack_is_handed_out_together_and_nothing_else_is() -> None:
    assert {unit_of(f"tests/e2e/test_{name}.py::test_x[a::b @]") for name in ("road", "redrive", "actions")} == {"e2e"}
    assert unit_of("tests/e2e/test_runbook.py::test_x[y]") == "runbook"
    ids = (
        "tests/unit/template/test_template.py::test_x[tests/e2e/a.py]",
        "tests/unit/template/test_template.py::test_y",
    )
    assert [unit_of(one) for one in ids] == list(ids)


def test_xdist_is_asked_by_a_name_that_it_has() -> None:
    assert ByStack._split_scope is not LoadScopeScheduling._split_scope  # noqa: SLF001 - the one method to override
