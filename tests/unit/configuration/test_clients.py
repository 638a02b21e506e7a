import pytest

from configuration.clients import aws_timeout, client


def test_a_call_has_one_attempt_and_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    config = client("sqs", 0.4).meta.config
    assert (config.connect_timeout, config.read_timeout) == (0.4, 0.4)
    assert config.retries["total_max_attempts"] == 1


@pytest.mark.parametrize("reserve", [1.0, 5.0, 30.0])
def test_a_call_takes_less_than_half_of_the_reserve(reserve: float) -> None:
    assert 0.0 < aws_timeout(reserve) * 2 < reserve / 2
