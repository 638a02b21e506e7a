import pytest

from aws_events.severity import Severity, severity_of, words_of


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("Critical", Severity.CRITICAL),
        ("emergency", Severity.CRITICAL),
        ("urgent", Severity.CRITICAL),
        ("P0", Severity.CRITICAL),
        ("major", Severity.HIGH),
        ("ERROR", Severity.HIGH),
        (" warn ", Severity.MEDIUM),
        ("none", Severity.INFO),
        ("purple", None),
        ("", None),
    ],
)
def test_a_sources_word_has_a_severity(word: str, severity: Severity | None) -> None:
    assert severity_of(word) is severity


def test_a_route_may_name_both_words() -> None:
    assert words_of("P1", Severity.CRITICAL) == ("P1", "critical")
    assert words_of("purple", None) == ("purple",)
