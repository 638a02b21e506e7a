import pytest

from notifications.negation import is_negated


@pytest.mark.parametrize(
    "text", ["unavailable", "SERVICE_UNAVAILABLE", "NodeNotReady", "not yet complete", "disconnected"]
)
def test_a_negated_word_of_success_is_found(text: str) -> None:
    assert is_negated(text)


@pytest.mark.parametrize(
    "text", ["available", "in recovery", "Incident resolved", "nothing to do", "un available", "Ready"]
)
def test_another_text_is_not_negated(text: str) -> None:
    assert not is_negated(text)
