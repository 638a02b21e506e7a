"""The demonstration plays what is written for it."""

from collections.abc import Iterator
from importlib import import_module
from inspect import get_annotations, getmembers, isfunction
from pathlib import Path

import pytest

from demo.acts import program
from demo.stage import Stage


def written() -> Iterator[object]:
    for path in Path(program.__file__).parent.glob("[a-z]*.py"):
        module = import_module(f"demo.acts.{path.stem}")
        for name, one in getmembers(module, isfunction):
            is_act = get_annotations(one) == {"stage": Stage, "return": None} and one.__module__ == module.__name__
            if is_act and not name.startswith("_") and one is not program.play_all:
                yield one


@pytest.mark.parametrize("act", list(written()), ids=lambda act: act.__name__)
def test_an_act_that_is_written_is_played(act: object) -> None:
    assert act in program.ACTS
