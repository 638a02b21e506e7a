import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_actions.rules.placeholders import check, fill
from aws_events.strict_json import Invalid, Json

FACTS = {"alarm.name": "checkout-errors", "alarm.state": "ALARM", "alarm.arn": "arn:aws:x", "contributor.shard": "7"}


def test_placeholders_are_filled_with_the_facts() -> None:
    value: Json = {
        "whole": "${alarm.name}",
        "part": "arn:aws:x:${alarm.name}/${contributor.shard}",
        "list": ["${alarm.state}", {"deep": "${alarm.arn}"}, 5, True, None, 1.5],
    }
    assert fill(value, "parameters", FACTS) == {
        "whole": "checkout-errors",
        "part": "arn:aws:x:checkout-errors/7",
        "list": ["ALARM", {"deep": "arn:aws:x"}, 5, True, None, 1.5],
    }


@pytest.mark.parametrize("name", ["web; reboot", 'web", "x": "', "a b", "$(id)", "`id`", "a|b", "a\\b", "ü"])
def test_a_value_beside_other_text_has_no_meaning_for_a_shell_or_json(name: str) -> None:
    assert fill("${alarm.name}", "x", {"alarm.name": name}) == name
    with pytest.raises(Invalid, match=r"^x\.a: alarm.name has characters that may not stand beside other text$"):
        fill({"a": "systemctl restart ${alarm.name}"}, "x", {"alarm.name": name})


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "\ud800"])
def test_a_value_that_is_not_printable_is_not_filled_in(name: str) -> None:
    with pytest.raises(Invalid, match=r"^x: alarm.name has characters that are not text$"):
        fill("${alarm.name}", "x", {"alarm.name": name})


@given(st.text(alphabet="${}abc.name% ()[]_\\1", min_size=1).filter(str.isprintable))
def test_a_value_is_not_read_again(value: str) -> None:
    assert fill("${alarm.name}", "x", {"alarm.name": value, "alarm.arn": "no"}) == value


@pytest.mark.parametrize(
    "text",
    [
        "${alarm.owner}",
        "${AlarmName}",
        "${}",
        "${dimension.}",
        "${dimension.X",
        "${ alarm.name }",
        "${${alarm.name}}",
        "${alarm.name.upper()}",
        "${alarm.__class__}",
        "x ${alarm.name} ${",
    ],
)
def test_a_placeholder_that_no_alarm_can_fill_is_refused(text: str) -> None:
    known = r"a placeholder is \$\{alarm.name\|state\|account\|region\|arn\}, "
    with pytest.raises(Invalid, match=rf"^x\.b\[1\]: {known}"):
        check({"b": ["${alarm.name}", text]}, "x")


def test_a_placeholder_is_not_the_name_of_a_field() -> None:
    with pytest.raises(Invalid, match=r"^x\[0\]: a placeholder cannot be the name of a field$"):
        check([{"${alarm.name}": 1}], "x")
