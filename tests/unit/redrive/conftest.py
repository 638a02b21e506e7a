from collections.abc import Iterator

import pytest

from tests.support.redriving import Redriving, redriving


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redriving]:
    with redriving(monkeypatch) as around:
        yield around
