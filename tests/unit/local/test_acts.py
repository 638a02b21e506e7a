"""The demonstration plays what is written for it."""

from collections.abc import Iterator
from importlib import import_module
from inspect import get_annotations, getmembers, isfunction
from pathlib import Path

import pytest
from local import acts
from local.stage import Stage


def written() -> Iterator[object]:
    for path in Path(acts.__file__).parent.glob("*acts.py"):
        module = import_module(f"local.{path.stem}")
        for name, one in getmembers(module, isfunction):
            is_act = get_annotations(one) == {"stage": Stage, "return": None} and one.__module__ == module.__name__
            if is_act and not name.startswith("_") and one is not acts.play_all:
                yield one


@pytest.mark.parametrize("act", list(written()), ids=lambda act: act.__name__)
def test_an_act_that_is_written_is_played(act: object) -> None:
    assert act in acts.ACTS
