from collections.abc import Iterator
from importlib import import_module
from inspect import get_annotations, getmembers, isfunction
from pathlib import Path

from demo.acts import program
from demo.stage import Stage


def acts() -> Iterator[object]:
    """Yield each public function of the package that takes the stage only."""
    for path in Path(program.__file__).parent.glob("[a-z]*.py"):
        module = import_module(f"demo.acts.{path.stem}")
        for name, function in getmembers(module, isfunction):
            is_act = get_annotations(function) == {"stage": Stage, "return": None}
            if is_act and function.__module__ == module.__name__ and not name.startswith("_"):
                yield function


def test_the_program_plays_every_act() -> None:
    assert {*acts()} - {program.play_all} == {*program.ACTS}
