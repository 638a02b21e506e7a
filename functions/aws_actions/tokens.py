"""A request's key -> what AWS takes for an idempotency token: the same text for each copy, a UUID in form."""

from uuid import UUID, uuid5

OURS = UUID("6f0c7a5e-0d0e-5a53-9a8e-2f6d2f1b7c11")


def token_of(key: str) -> str:
    """36 characters; Systems Manager takes nothing but a UUID, and every other service takes one."""
    return str(uuid5(OURS, key.encode(errors="surrogatepass")))  # an id from outside may be no Unicode
