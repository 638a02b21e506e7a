import importlib

import pytest

from benchmarks.run import COMMANDS, QUESTIONS


@pytest.mark.parametrize(
    ("name", "function"), [*((name, "tables") for name in QUESTIONS), *((name, "main") for name in COMMANDS)]
)
def test_each_name_is_a_module_that_answers(name: str, function: str) -> None:
    assert callable(getattr(importlib.import_module(f"benchmarks.{name}"), function))
