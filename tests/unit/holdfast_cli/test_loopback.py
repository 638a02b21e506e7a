import pytest

from holdfast_cli.loopback import is_loopback


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9"])
def test_a_loopback_address_is_recognised(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    ["", "https://example.com", "http://192.0.2.1", "http://127.0.0.1.example.com", "http://[", "localhost"],
)
def test_another_address_is_not(url: str) -> None:
    assert not is_loopback(url)
