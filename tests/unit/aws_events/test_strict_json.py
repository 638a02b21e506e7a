import pytest

from aws_events.strict_json import Invalid, load, shown


def test_json_is_parsed() -> None:
    value = {"a": [1, 1.5, True, None, {"b": "é 🔔"}]}
    assert load('{"a": [1, 1.5, true, null, {"b": "é \\ud83d\\udd14"}]}', "document", 100) == value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{", r"must be JSON \(line 1, column 2\)"),
        ("", r"must be JSON \(line 1, column 1\)"),
        ('{"a": 1,\n"canary" 2}', r"must be JSON \(line 2, column 10\)"),
        ('"' + "é" * 50 + '"', "must be at most 100 bytes"),
        ('{"canary": 1, "canary": 2}', "has an object with the same field twice"),
        ("9" * 21, "has a number with too many digits"),
        ("1e999", "has a number that is not finite"),
        ("-Infinity", "has a number that is not finite"),
        ("NaN", "has a number that is not finite"),
        ('"\\ud83d"', "must be Unicode text"),
        ('{"\\ud83d": 1}', "must be Unicode text"),
        ("\ud83d", "must be Unicode text"),
    ],
)
def test_invalid_json_is_refused_by_a_rule_that_shows_no_value(text: str, rule: str) -> None:
    with pytest.raises(Invalid, match=rf"^document: {rule}$"):
        load(text, "document", 100)


@pytest.mark.parametrize(("depth", "is_refused"), [(80, False), (81, True), (100_000, True)])
def test_nesting_is_limited(depth: int, *, is_refused: bool) -> None:
    text = "[" * depth + "]" * depth
    if not is_refused:
        assert load(text, "document", 1_000_000)
        return
    with pytest.raises(Invalid, match=r"^document: nested too deep$"):
        load(text, "document", 1_000_000)


@pytest.mark.parametrize(("name", "expected"), [("match", "match"), ("a b", "?"), ("x" * 41, "?"), ("", "?")])
def test_an_error_shows_only_a_plain_name(name: str, expected: str) -> None:
    assert shown(name) == expected
