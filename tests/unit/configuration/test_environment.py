from collections.abc import Callable

import pytest

from configuration.environment import Environment, SettingsError, choice, parts, seconds, text, whole

READERS: list[Callable[[Environment], object]] = [
    lambda env: text(env, "NAME"),
    lambda env: choice(env, "NAME", ["a"]),
    lambda env: parts(env, "NAME"),
    lambda env: seconds(env, "NAME"),
    lambda env: whole(env, "NAME"),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("env", [{}, {"NAME": ""}, {"NAME": "  "}])
def test_a_missing_variable_is_named(read: Callable[[Environment], object], env: Environment) -> None:
    with pytest.raises(SettingsError, match=r"^NAME is not set$"):
        read(env)


def test_a_variable_is_read_without_the_blanks_around_it() -> None:
    assert text({"NAME": " a b "}, "NAME") == "a b"
    assert choice({"NAME": " b "}, "NAME", ["a", "b"]) == "b"
    assert parts({"NAME": " a , b,a "}, "NAME") == {"a", "b"}
    assert seconds({"NAME": " 2.5 "}, "NAME") == 2.5
    assert whole({"NAME": " 0 "}, "NAME") == 0


def test_another_word_is_refused_by_the_words_that_there_are() -> None:
    with pytest.raises(SettingsError, match=r"^NAME must be one of a, b$"):
        choice({"NAME": "A"}, "NAME", ["a", "b"])


@pytest.mark.parametrize("value", [",", "a,", "a,,b"])
def test_an_empty_part_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^NAME must have no empty part between its commas$"):
        parts({"NAME": value}, "NAME")


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "5 s"])
def test_a_length_of_time_is_a_number_above_zero(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^NAME must be a number of seconds"):
        seconds({"NAME": value}, "NAME")


@pytest.mark.parametrize("value", ["-1", "1.5", "1e3", "²", "three"])
def test_a_whole_number_has_digits_only(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^NAME must be a whole number from 0 on$"):
        whole({"NAME": value}, "NAME")
