import pytest

from tests.support.text.retired_words import problems


@pytest.mark.parametrize(
    "line",
    [
        "the road of an alert",
        "class LocalRoad:",
        "def plain_road() -> None:",
        "a door stands open",
        '"""What became of it."""',
        '    """So often it was received."""',
        "the message is handed on",
        "redrive sends the letter back",
        "the payload of the event",
    ],
)
def test_a_retired_word_is_found(line: str) -> None:
    assert [number for number, _ in problems(f"fine\n{line}\n")] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "a broad except",
        "the dead letter is redriven",
        "1 to 64 lower-case letters, digits and hyphens",
        "Slack answers invalid_payload",
        '"""Return what AWS answered."""',
    ],
)
def test_other_words_pass(line: str) -> None:
    assert not list(problems(line))
