from uuid import UUID

from aws_actions.tokens import idempotency_token


def test_a_token_is_a_uuid_that_is_the_same_for_the_same_key() -> None:
    first, again, other, not_unicode = map(idempotency_token, ("k1", "k1", "k2", "\ud800"))
    assert first == again != other
    assert {UUID(one).version for one in (first, not_unicode)} == {5}
