"""Numbers from outside in words: no digit is lost, thousands are grouped, an exponent is the exception."""

import math
from decimal import Decimal

from aws_events.loose_json import LongDecimal

LONGEST = 30
"""Characters of a number without an exponent; beyond that the exponent is easier to read."""


def exact(number: float) -> str:
    """Return 5,368,709,120 or 99.99999 or 0.0000001; 1.5e+300 if the digits would be too many."""
    written = number.written if isinstance(number, LongDecimal) else repr(number)
    text = f"{Decimal(written):,f}" if math.isfinite(number) else written
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if len(text) <= LONGEST else written


def dollars(amount: float | None) -> str:
    """Return $1,001.50, with more decimals if there are more."""
    if amount is None:
        return ""
    whole, _, decimals = exact(amount).partition(".")
    return f"${whole}.{decimals:0<2}"


def with_unit(number: float, unit: str) -> str:
    """Return the number with a unit of CloudWatch in its usual sign."""
    return f"{exact(number)} {SIGNS.get(unit, unit)}".strip()


def duration(seconds: float) -> str:
    """Return 45 s, 12 min, 3 h 5 min or 2 d 4 h."""
    rest, words = int(max(0.0, seconds)), []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, length)
        words += [f"{count:,} {unit}"] if count else []
    return " ".join(words[:2]) or "0 s"


SIGNS = {
    "None": "",
    "Count": "",
    "Percent": "%",
    "Seconds": "s",
    "Milliseconds": "ms",
    "Microseconds": "μs",
    "Bytes": "B",
    "Kilobytes": "kB",
    "Megabytes": "MB",
    "Gigabytes": "GB",
    "Terabytes": "TB",
    "Bits": "bit",
    "Kilobits": "kbit",
    "Megabits": "Mbit",
    "Gigabits": "Gbit",
    "Count/Second": "/s",
    "Bytes/Second": "B/s",
    "Kilobytes/Second": "kB/s",
    "Megabytes/Second": "MB/s",
    "Gigabytes/Second": "GB/s",
    "Bits/Second": "bit/s",
}
"""Units of CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html"""
