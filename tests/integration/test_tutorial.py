"""docs/tutorial.md shows the code of examples/ and what it prints."""

import sys
from pathlib import Path

import pytest

from tests.support.text.tutorial import EXAMPLES, output, shown_code, shown_output


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_the_page_shows_what_the_example_prints(example: Path) -> None:
    assert output(Path(sys.executable), example) == shown_output()[example.stem]


def test_the_page_shows_no_other_code_or_output() -> None:
    sources = "".join(example.read_text() for example in EXAMPLES)
    assert [block for block in shown_code() if block not in sources] == []
    assert set(shown_output()) == {example.stem for example in EXAMPLES}
