from collections.abc import Iterator

import pytest

from tests.support.handlers.notices import Noticing, noticing


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Noticing]:
    with noticing(monkeypatch) as around:
        yield around
