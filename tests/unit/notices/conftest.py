from collections.abc import Iterator

import pytest

from tests.support.handlers.notices import NoticesStack, notices_stack


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticesStack]:
    with notices_stack(monkeypatch) as made:
        yield made
