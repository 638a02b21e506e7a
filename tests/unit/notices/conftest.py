from collections.abc import Iterator

import pytest

from tests.support.noticing import Noticing, noticing


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Noticing]:
    with noticing(monkeypatch) as around:
        yield around
