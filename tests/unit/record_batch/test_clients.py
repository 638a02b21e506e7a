import pytest

from record_batch.clients import client


def test_every_call_has_one_attempt_and_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    config = client("sqs", 0.4).meta.config
    assert (config.connect_timeout, config.read_timeout) == (0.4, 0.4)
    assert config.retries["total_max_attempts"] == 1
