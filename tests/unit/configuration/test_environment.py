from collections.abc import Callable
from functools import partial

import pytest

from configuration.environment import Environment, SettingsError, choice, parts, seconds, text, whole

type Read = Callable[[Environment, str], object]

WORD = partial(choice, choices=["a", "b"])
NOT_SET, NO_CHOICE = "is not set", "must be one of a, b"
EMPTY_PART, NO_SECONDS = "must have no empty part between its commas", "must be a number of seconds( above 0)?"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (text, " a b ", "a b"),
        (WORD, " b ", "b"),
        (parts, " a , b,a ", {"a", "b"}),
        (seconds, " 2.5 ", 2.5),
        (whole, " 0 ", 0),
    ],
)
def test_a_variable_is_read_without_the_spaces_around_it(read: Read, value: str, expected: object) -> None:
    assert read({"NAME": value}, "NAME") == expected


@pytest.mark.parametrize(
    ("read", "values", "problem"),
    [
        *((read, [None, "", "  "], NOT_SET) for read in (text, WORD, parts, seconds, whole)),
        (WORD, ["A"], NO_CHOICE),
        (parts, [",", "a,", "a,,b"], EMPTY_PART),
        (seconds, ["soon", "0", "-1", "nan", "inf", "5 s"], NO_SECONDS),
        (whole, ["-1", "1.5", "1e3", "²", "three"], "must be a whole number, 0 or more"),
    ],
)
def test_an_invalid_variable_is_named_with_its_rule(read: Read, values: list[str | None], problem: str) -> None:
    for value in values:
        with pytest.raises(SettingsError, match=f"^NAME {problem}$"):
            read({} if value is None else {"NAME": value}, "NAME")
