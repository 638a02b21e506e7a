from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # pytest-xdist ships no types for it

from tests.conftest import ByStack, scope_of


def test_tests_of_one_stack_share_a_worker_and_others_do_not() -> None:
    for stack, modules in {"default": ("pipeline", "redrive"), "direct": ("direct", "runbook")}.items():
        assert {scope_of(f"tests/e2e/test_{name}.py::test_x[a::b @]") for name in modules} == {stack}
    template = "tests/unit/template/test_template.py::test_"
    assert [scope_of(template + name) for name in ("x[tests/e2e/a.py]", "y")] == [
        template + "x[tests/e2e/a.py]",
        template + "y",
    ]


def test_the_scheduler_overrides_a_method_that_xdist_has() -> None:
    assert ByStack._split_scope is not LoadScopeScheduling._split_scope  # noqa: SLF001 - the one method to override
