"""The reason of an alarm's state change, as text or as reasonData -> the datapoints and limits in it."""

import re
from collections.abc import Mapping

from aws_events.alarm import Reading
from aws_events.loose_json import dict_of, list_of, load, number_of, text_of, whole_of

NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
LISTED = re.compile(rf"\[((?:{NUMBER} \([^)]{{0,40}}\)(?:, )?){{1,200}})\]")
VALUE = re.compile(rf"({NUMBER}) \(")
OUT_OF = re.compile(r"(\d{1,4}) out of the last (\d{1,4}) datapoints")
COUNT = re.compile(r"(\d{1,4}) datapoints? ")
THRESHOLD = re.compile(rf"the threshold \(({NUMBER})\)")
LOWER = re.compile(rf"lower thresholds? \[({NUMBER})")
UPPER = re.compile(rf"upper thresholds? \[({NUMBER})")
MISSING = re.compile(r"missing datapoints? (?:was|were) treated as \[Breaching\]")


def read_reason(reason: str, data: object = None) -> Reading:
    """Return the datapoints of a reason; `data` is CloudWatch's reasonData, as JSON text or an object."""
    facts = _facts(data)
    listed, out_of = LISTED.search(reason), OUT_OF.search(reason)
    count = out_of or COUNT.search(reason)
    values = _numbers(facts.get("recentDatapoints"))[::-1]
    return Reading(
        values=values or (tuple(map(float, VALUE.findall(listed[1]))) if listed else ()),
        threshold=_either(number_of(facts.get("threshold")), THRESHOLD.search(reason)),
        lower=_either(_last(facts.get("recentLowerThresholds")), LOWER.search(reason)),
        upper=_either(_last(facts.get("recentUpperThresholds")), UPPER.search(reason)),
        breaching=int(count[1]) if count else None,
        evaluated=int(out_of[2]) if out_of else int(count[1]) if count else None,
        unit=text_of(facts.get("unit")),
        period=whole_of(facts.get("period")),
        is_missing=MISSING.search(reason) is not None,
    )


COMPARISONS = (
    ("not greater than or equal to", "GreaterThanOrEqualToThreshold"),
    ("not greater than", "GreaterThanThreshold"),
    ("not less than or equal to", "LessThanOrEqualToThreshold"),
    ("not less than", "LessThanThreshold"),
    ("greater than or equal to", "GreaterThanOrEqualToThreshold"),
    ("greater than", "GreaterThanThreshold"),
    ("less than or equal to", "LessThanOrEqualToThreshold"),
    ("less than", "LessThanThreshold"),
)
"""Words of a reason, and the alarm's operator: `was not greater than` ends an alarm of GreaterThanThreshold."""


def operator_of(reason: str) -> str:
    """Return CloudWatch's operator; "" if the reason has no comparison."""
    if "er thresholds [" in reason:
        has_lower, has_upper = "lower thresholds" in reason, "upper thresholds" in reason
        sides = "LessThanLowerOrGreaterThanUpperThreshold" if has_lower and has_upper else "GreaterThanUpperThreshold"
        return sides if has_upper else "LessThanLowerThreshold"
    return next((operator for words, operator in COMPARISONS if f" {words} the threshold" in reason), "")


def _facts(data: object) -> Mapping[str, object]:
    if isinstance(data, str):
        try:
            data = load(data)
        except ValueError:
            return {}
    return dict_of(data)


def _numbers(value: object) -> tuple[float, ...]:
    return tuple(number for one in list_of(value) if (number := number_of(one)) is not None)


def _last(value: object) -> float | None:
    numbers = _numbers(value)
    return numbers[-1] if numbers else None


def _either(number: float | None, match: re.Match[str] | None) -> float | None:
    return number if number is not None else float(match[1]) if match else None
