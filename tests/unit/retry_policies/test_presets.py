from retry_policies.presets import AWS_READ, AWS_WRITE, SLACK_WEBHOOK
from retry_policies.testing import FakeTime, Script
from tests.support.steps.failing import client_error


def test_the_presets_say_what_may_be_repeated() -> None:
    presets = (SLACK_WEBHOOK, AWS_READ, AWS_WRITE)
    assert [(one.name, one.repeatable, one.repeat_unanswered, one.initial_backoff) for one in presets] == [
        ("slack_webhook", True, False, 0.5),
        ("aws_read", True, True, 0.05),
        ("aws_write", False, True, 0.05),
    ]


def test_a_read_is_repeated_after_retry_after_and_backoff() -> None:
    time = FakeTime()
    throttled = client_error("ThrottlingException", headers={"x-amz-retry-after": "1500"})
    call = Script(time, throttled, client_error("x", 500), "value")
    assert time.policy(AWS_READ).call(time.deadline(20), call) == "value"
    assert time.slept == [2.5, 0.1]  # 1.5 asked and a window of 1; then the second step of 50 ms
