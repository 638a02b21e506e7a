"""Placeholders in a rule's parameters, like ${alarm.name} -> values of the alarm. Nothing is evaluated."""

import re
from collections.abc import Callable, Mapping

from aws_events.strict_json import Invalid, Json, shown

PLACEHOLDER = re.compile(r"\$\{([^{}$]{0,300})\}")
NAME = re.compile(
    r"alarm\.(?:name|state|account|region|arn)|request\.key|(?:dimension|contributor)\.[A-Za-z0-9_ .:/-]{1,255}"
)
PART = re.compile(r"[A-Za-z0-9_.:/@+=,-]+")
"""Values allowed beside other text: no blank, no quote, nothing with a meaning in a shell or in nested JSON."""
KNOWN = "${alarm.name|state|account|region|arn}, ${dimension.X}, ${contributor.X} or ${request.key}"


def check(value: Json, where: str) -> None:
    """Raise Invalid for a placeholder that no alarm can fill, or one in the name of a field."""
    _walk(value, where, _check_text)


def fill(value: Json, where: str, facts: Mapping[str, str]) -> Json:
    """Return the value with its placeholders filled. Raises Invalid for one that is not among the facts."""
    return _walk(value, where, lambda text, at: _fill_text(text, at, facts))


def _walk(value: Json, where: str, change: Callable[[str, str], str]) -> Json:
    match value:
        case str():
            return change(value, where)
        case list():
            return [_walk(one, f"{where}[{index}]", change) for index, one in enumerate(value)]
        case dict():
            return {_key(key, where): _walk(one, f"{where}.{shown(key)}", change) for key, one in value.items()}
        case _:
            return value


def _key(key: str, where: str) -> str:
    if "${" in key:
        raise Invalid(where, "a placeholder cannot be the name of a field")
    return key


def _check_text(text: str, where: str) -> str:
    names = PLACEHOLDER.findall(text)
    if text.count("${") != len(names) or not all(map(NAME.fullmatch, names)):
        raise Invalid(where, f"a placeholder is {KNOWN}")
    return text


def _fill_text(text: str, where: str, facts: Mapping[str, str]) -> str:
    def value_of(placeholder: re.Match[str]) -> str:
        value = facts.get(placeholder[1], "")
        if not value:
            raise Invalid(where, f"the alarm has no {placeholder[1]}")
        if not value.isprintable():
            raise Invalid(where, f"{placeholder[1]} has characters that are not text")
        if placeholder[0] != text and not PART.fullmatch(value):
            raise Invalid(where, f"{placeholder[1]} has characters that may not stand beside other text")
        return value

    return PLACEHOLDER.sub(value_of, text)
