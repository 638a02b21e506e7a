import pytest

from tests.support.stack.template import ACTIONS, EMAIL, VARIANTS, Stack, resolve


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def parameters(request: pytest.FixtureRequest) -> dict[str, str]:
    return dict(request.param)


@pytest.fixture
def variant(parameters: dict[str, str]) -> Stack:
    return resolve(**parameters)


@pytest.fixture
def plain() -> Stack:
    return resolve(OpsEmail=EMAIL)


@pytest.fixture
def calling() -> Stack:
    return resolve(OpsEmail=EMAIL, **ACTIONS)
