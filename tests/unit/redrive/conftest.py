from collections.abc import Iterator

import pytest

from tests.support.handlers.redrive import Redriving, redriving


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redriving]:
    with redriving(monkeypatch) as around:
        yield around
