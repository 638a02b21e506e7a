"""Severities on one scale, and the words that sources have for them."""

from enum import Enum


class Severity(Enum):
    """The severity, on one scale for all sources; the highest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


def severity_of(word: str) -> Severity | None:
    """Return the severity that a source's word means; None for an unknown word."""
    return WORDS.get(word.strip().casefold())


WORDS = {
    "critical": Severity.CRITICAL,
    "fatal": Severity.CRITICAL,
    "emergency": Severity.CRITICAL,
    "urgent": Severity.CRITICAL,
    "sev0": Severity.CRITICAL,
    "p0": Severity.CRITICAL,
    "sev1": Severity.CRITICAL,
    "p1": Severity.CRITICAL,
    "page": Severity.CRITICAL,
    "high": Severity.HIGH,
    "error": Severity.HIGH,
    "major": Severity.HIGH,
    "sev2": Severity.HIGH,
    "p2": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "warning": Severity.MEDIUM,
    "warn": Severity.MEDIUM,
    "sev3": Severity.MEDIUM,
    "p3": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "sev4": Severity.LOW,
    "p4": Severity.LOW,
    "info": Severity.INFO,
    "informational": Severity.INFO,
    "information": Severity.INFO,
    "none": Severity.INFO,
    "p5": Severity.INFO,
}
"""Words of severities in known sources, and of descriptions (`Severity: high`)."""


def words_of(word: str, severity: Severity | None) -> tuple[str, ...]:
    """Return the words that a route or a rule may name: the source's own, and ours."""
    return (word, severity.value) if severity else (word,)
