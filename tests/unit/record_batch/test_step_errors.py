import pytest

from record_batch.step_errors import log_raised


def test_the_line_has_the_place_of_the_error_and_not_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def step() -> None:
        raise ValueError("canary")

    with pytest.raises(ValueError, match="canary") as raised:
        step()
    log_raised(raised.value, records=2)
    [line] = caplog.records
    assert (line.getMessage(), vars(line)["error"], vars(line)["records"]) == ("the step raised", "ValueError", 2)
    assert vars(line)["where"].startswith("step:")
    assert "canary" not in str(vars(line))
