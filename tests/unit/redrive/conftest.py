from collections.abc import Iterator

import pytest

from tests.support.handlers.redrive import RedriveStack, redrive_stack


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedriveStack]:
    with redrive_stack(monkeypatch) as made:
        yield made
