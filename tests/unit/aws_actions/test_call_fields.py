import pytest

from aws_actions.call_fields import CALL_FIELDS, LONGEST_EXPIRES_AFTER, REQUIRED, read_call
from aws_actions.models import Call
from aws_events.json_fields import Fields
from aws_events.strict_json import Invalid
from record_batch.redelivery import QUICK_RECEIVES
from tests.support.virtual.timing import timing
from tests.unit.aws_actions.builders import UPDATE

SERVICE = "must be the name of a boto3 client, like ecs"
OPERATION = "must be the API's name of an operation, like UpdateService"
SECONDS = "must be a number of seconds, more than 0 and at most 13200"


def read(**changes: object) -> Call:
    fields = {name: value for name, value in (UPDATE | changes).items() if value is not ...}
    return read_call(Fields.of(fields, "message", known=CALL_FIELDS, required=REQUIRED))  # type: ignore[arg-type] # JSON


def test_fields_make_a_call() -> None:
    parameters = {"service": "web", "forceNewDeployment": True}
    assert read() == Call(service="ecs", operation="UpdateService", parameters=parameters)  # type: ignore[arg-type] # JSON
    assert (read(expires_after=90.5, notify=True).expires_after, read(notify=True).notify) == (90.5, True)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("service", ..., "is missing"),
        ("operation", ..., "is missing"),
        ("parameters", ..., "is missing"),
        ("service", "ECS", SERVICE),
        ("service", "../ecs", SERVICE),
        ("operation", "update_service", OPERATION),
        ("parameters", [], "must be an object"),
        ("notify", "yes", "must be true or false"),
        ("expires_after", 0, SECONDS),
        ("expires_after", 13201, SECONDS),
        ("parameter", {}, f"is not a field; the fields are {', '.join(CALL_FIELDS)}"),
    ],
)
def test_an_invalid_field_is_named(field: str, value: object, rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(**{field: value})
    assert str(caught.value) == f"message.{field}: {rule}"


def test_the_longest_request_expires_before_its_last_receive() -> None:
    """So it is parked as expired, and is no dead letter."""
    given = timing()
    first = QUICK_RECEIVES * given["FirstDelay"] / 6
    later = range(QUICK_RECEIVES, int(given["Receives"]) - 1)
    assert first + sum(min(given["DelayCap"], given["FirstDelay"] * 2**n) for n in later) > LONGEST_EXPIRES_AFTER
