from collections.abc import Callable
from types import SimpleNamespace

import pytest
import requests
import urllib3
from botocore.exceptions import ClientError, HTTPClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retry_policies import Classification, ErrorKind, RetryPolicy, first_of
from retry_policies.aws import classify_aws, classify_aws_for
from retry_policies.classification import UNKNOWN, classify_safely
from retry_policies.http import classify_http
from retry_policies.slack import classify_slack_webhook
from retry_policies.slack_api import classify_slack_api
from retry_policies.testing import FakeTime, Script

patiently = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Linked errors take long to draw on a busy machine."""
CLASSIFIERS = [classify_http, classify_slack_webhook, classify_slack_api, classify_aws, classify_aws_for("kinesis")]

junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20)
nested = st.recursive(
    junk, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
headers = st.dictionaries(
    st.sampled_from(["Retry-After", "retry-after", "Date", "x-amz-retry-after"]), st.text(max_size=30) | junk
)
responses = st.builds(
    SimpleNamespace,
    status_code=st.integers(-10, 1000) | junk,
    headers=headers | nested,
    data=st.fixed_dictionaries({"error": junk}) | nested,
    _content=st.binary(max_size=30) | junk,
)
aws_responses = st.fixed_dictionaries(
    {},
    optional={
        "Error": st.fixed_dictionaries({}, optional={"Code": junk, "QueryErrorCode": junk}) | nested,
        "ResponseMetadata": st.fixed_dictionaries(
            {}, optional={"HTTPStatusCode": junk, "HTTPHeaders": headers | nested}
        ),
        "CancellationReasons": nested,
    },
)
makers: list[Callable[..., BaseException]] = [
    Exception,
    OSError,
    ConnectionResetError,
    KeyboardInterrupt,
    requests.ConnectionError,
    requests.exceptions.SSLError,
    urllib3.exceptions.ProtocolError,
    lambda *_: HTTPClientError(error=OSError()),
    lambda *_: ClientError({}, "Call"),
]


@st.composite
def linked_errors(draw: st.DrawFn) -> BaseException:
    """Draw an error that is linked to others by arguments, causes and reasons, in circles too, with any attributes."""
    errors = [draw(st.sampled_from(makers))(draw(junk)) for _ in range(draw(st.integers(1, 5)))]
    for error in errors:
        other = draw(st.sampled_from(errors))
        error.args = (other, *error.args)
        error.__cause__ = draw(st.none() | st.sampled_from(errors))
        attached = {"response": responses | aws_responses | nested, "reason": nested, "kwargs": nested}
        error.__dict__.update(draw(st.fixed_dictionaries({}, optional=attached)))
    first: BaseException = errors[0]
    return first


@patiently
@given(linked_errors())
def test_any_error_is_classified_without_raising(error: BaseException) -> None:
    for classifier in CLASSIFIERS:
        classification = classifier(error)
        if classification is not None:
            assert classification.kind in ErrorKind
            assert classification.code.isprintable()
            assert classification.retry_after is None or classification.retry_after >= 0
        with pytest.raises(type(error)) as raised:
            RetryPolicy(classifier=classifier, max_attempts=1).call(None, Script(FakeTime(), error))
        assert raised.value is error


@pytest.mark.parametrize(
    ("field", "wrong"), [("kind", "TRANSIENT"), ("retry_after", "5"), ("code", None), ("code", b"x")]
)
def test_a_field_of_the_wrong_type_is_named(field: str, wrong: object) -> None:
    facts: dict[str, object] = {"kind": ErrorKind.TRANSIENT, field: wrong}
    with pytest.raises(TypeError, match=f"^{field} must be .*, not a {type(wrong).__name__}$"):
        Classification(**facts)  # type: ignore[arg-type] # as the test says


def test_the_first_classifier_that_knows_the_error_decides() -> None:
    transient, permanent = Classification(ErrorKind.TRANSIENT), Classification(ErrorKind.PERMANENT)
    both = first_of(lambda error: transient if isinstance(error, ValueError) else None, lambda _: permanent)
    assert (both(ValueError()), both(KeyError())) == (transient, permanent)
    assert first_of(lambda _: None)(KeyError()) is None


@pytest.mark.parametrize("answer", [None, "TRANSIENT", ErrorKind.TRANSIENT, True, 0, RuntimeError("https://secret")])
def test_a_broken_classifier_is_logged_without_the_error(answer: object, caplog: pytest.LogCaptureFixture) -> None:
    assert classify_safely(Script(FakeTime(), answer), ValueError("https://secret")) == UNKNOWN  # type: ignore[arg-type]
    messages = [(record.getMessage(), record.__dict__["error"]) for record in caplog.records]
    message = "a classifier raised" if isinstance(answer, Exception) else "a classifier gave no classification"
    assert messages == ([] if answer is None else [(message, type(answer).__name__)])
    assert "secret" not in caplog.text
