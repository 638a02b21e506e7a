"""Whatever is raised, with whatever it carries and however it is tied: a classifier judges, soon, and never raises."""

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import requests
import urllib3
from botocore.exceptions import ClientError, HTTPClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retry_policies import Classification, Classifier, ErrorKind, RetryPolicy, first_of, retry_info
from retry_policies.aws import classify_aws, classify_aws_for
from retry_policies.http import classify_http
from retry_policies.slack import classify_slack_webhook, webhook_code
from retry_policies.slack_api import classify_api, classify_slack_api
from tests.support.steps.failing import Failure

patiently = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Tangled errors take a while to draw, on a busy machine longer than hypothesis likes."""
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
def tangled(draw: st.DrawFn) -> BaseException:
    """An error tied to others by arguments, causes and reasons, in circles too, with all kinds of things on it."""
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
@given(tangled())
def test_any_error_is_judged_without_raising(error: BaseException) -> None:
    for classifier in CLASSIFIERS:
        judged = classifier(error)
        if judged is not None:
            assert judged.kind in ErrorKind
            assert judged.code.isprintable()
            assert judged.retry_after is None or judged.retry_after >= 0


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_a_long_chain_is_judged_in_bounded_time(classifier: Classifier) -> None:
    error: BaseException = ConnectionRefusedError()
    for _ in range(100_000):
        error, inner = requests.ConnectionError(error, *range(100)), error
        error.__cause__ = inner
    started = time.thread_time()
    classifier(error)
    assert time.thread_time() - started < 0.5
    while error.__cause__ is not None:  # freed link by link: all at once would be too deep
        error, outer = error.__cause__, error
        outer.__cause__ = None
        outer.args = ()


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_a_class_from_nowhere_is_judged(classifier: Classifier) -> None:
    strange = type("Strange", (Exception,), {"__module__": None})
    assert classifier(strange()) is None


@given(st.binary(max_size=5000))
def test_any_body_is_a_known_code_or_unknown(body: bytes) -> None:
    assert webhook_code(body) == "unknown_body"


@given(st.integers(), st.text() | junk, st.none() | st.floats())
def test_any_answer_of_the_web_api_has_a_kind(status: int, code: object, retry_after: float | None) -> None:
    assert classify_api(status, code, retry_after).kind in ErrorKind


@patiently
@given(tangled())
def test_a_policy_raises_nothing_but_the_error_whatever_it_is_like(error: BaseException) -> None:
    def attempt() -> None:
        raise error

    for classifier in CLASSIFIERS:
        with pytest.raises(type(error)) as raised:
            RetryPolicy(classifier=classifier, max_attempts=1).call(None, attempt)
        assert raised.value is error


def test_the_first_that_knows_the_error_decides() -> None:
    transient, permanent = Classification(ErrorKind.TRANSIENT), Classification(ErrorKind.PERMANENT)
    both = first_of(lambda error: transient if isinstance(error, ValueError) else None, lambda _: permanent)
    assert (both(ValueError()), both(KeyError())) == (transient, permanent)
    assert first_of(lambda _: None)(KeyError()) is None


def test_a_classifier_that_raises_does_not_hide_the_error(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_error: BaseException) -> Classification:
        raise RuntimeError("https://secret")

    def attempt() -> None:
        raise Failure

    with pytest.raises(Failure) as raised:
        RetryPolicy(classifier=broken).call(None, attempt)
    info = retry_info(raised.value)
    assert info is not None
    assert info.code == "unknown"
    assert [record.getMessage() for record in caplog.records] == ["a classifier raised"]
    assert "secret" not in caplog.text
    assert caplog.records[0].__dict__["error"] == "RuntimeError"
