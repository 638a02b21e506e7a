import math

import pytest

from aws_events.loose_json import LongDecimal, dict_of, list_of, load, number_of, text_of, whole_of


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a":' * 100_000, "\ud83d"])
def test_invalid_or_deep_json_is_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        load(text)


def test_a_number_that_python_cannot_hold_stays_text() -> None:
    assert load(f"[1, 1.5, {'9' * 5000}, 1e999, -7]") == [1, 1.5, "9" * 5000, "1e999", -7]
    assert math.isnan(number_of(load("NaN")) or 0.0)


@pytest.mark.parametrize("digits", ["0.12345678901234567890", "12345678901234567.89", "-1.000000000000000001e-7"])
def test_a_number_with_more_digits_than_a_float_holds_keeps_them(digits: str) -> None:
    number = number_of(load(digits))
    assert isinstance(number, LongDecimal)
    assert (number, number.written) == (float(digits), digits)


@pytest.mark.parametrize("digits", ["1.5", "0.10000000000000001", "-1.0000000000000001e-300", "0." + "0" * 50 + "1"])
def test_a_number_that_a_float_holds_is_a_float(digits: str) -> None:
    assert (type(load(digits)), load(digits)) == (float, float(digits))


def test_an_integer_keeps_its_digits() -> None:
    assert str(number_of(load("9007199254740993"))) == "9007199254740993"


def test_a_value_of_another_type_counts_as_missing() -> None:
    assert (text_of(5), list_of("x"), dict_of([]), number_of("5"), whole_of(5.0)) == ("", [], {}, None, None)
    assert [read(one) for read in (number_of, whole_of) for one in (True, None)] == [None] * 4
    assert (text_of("x"), list_of([1]), dict_of({"a": 1}), number_of(5), whole_of(5)) == ("x", [1], {"a": 1}, 5.0, 5)
