import pytest

from tests.support.stack.template import ACTIONS, EMAIL, VARIANTS, Stack, stack


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def given(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the parameters of each variant."""
    return dict(request.param)


@pytest.fixture
def variant(given: dict[str, str]) -> Stack:
    return stack(**given)


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


@pytest.fixture
def calling() -> Stack:
    return stack(OpsEmail=EMAIL, **ACTIONS)
