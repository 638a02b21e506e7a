import pytest

from tests.support.samples.notifications import changed, read_sample


@pytest.mark.parametrize(
    ("response", "summary"),
    [
        ({"errorMessage": "2026-01-31T02:14:41.100Z e4b46cbf-b738 Task timed out after 3.00 s"}, "Task timed out"),
        (
            {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: e4b4 Error: Task timed out after 3.00 s"},
            "Sandbox.Timedout: Task timed out after 3.00",
        ),
        ({"errorType": "KeyError", "errorMessage": "'order'"}, "KeyError: 'order'"),
        ({"errorMessage": "facade of the shop is down"}, "facade of the shop is down"),
        (None, "all attempts failed"),
    ],
)
def test_the_error_is_shown_without_time_and_request(response: object, summary: str) -> None:
    assert changed("lambda-destination.json", responsePayload=response).summary.startswith(summary)


def test_an_event_that_was_too_old_says_so() -> None:
    context = read_sample("lambda-destination.json")["requestContext"] | {"condition": "EventAgeExceeded"}
    said = changed("lambda-destination.json", requestContext=context, responsePayload=None)
    assert (said.label, said.summary) == ("FAILED", "the event was too old")


def test_an_alias_is_named_and_the_page_is_that_of_the_function() -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:charge:live"
    context = read_sample("lambda-destination.json")["requestContext"] | {"functionArn": arn}
    said = changed("lambda-destination.json", requestContext=context)
    assert said.title == "Lambda charge:live"
    assert "functions/charge?" in said.links[0].url
