"""A request's key -> an idempotency token: the same text for each copy of the request."""

from uuid import UUID, uuid5

NAMESPACE = UUID("6f0c7a5e-0d0e-5a53-9a8e-2f6d2f1b7c11")


def idempotency_token(key: str) -> str:
    """Return a UUID: Systems Manager accepts nothing else, and every other service accepts one."""
    return str(uuid5(NAMESPACE, key.encode(errors="surrogatepass")))  # an id from outside may be no Unicode
