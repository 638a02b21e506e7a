from collections.abc import Iterator

import pytest

from tests.support.virtual.silence import silence


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with silence():
        yield
