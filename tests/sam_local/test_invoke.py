"""The command sam local invoke of README: every function with its events, in Lambda's container."""

import pytest

from tests.support.handlers.invocations import WITHOUT_AWS, Expect
from tests.support.local_aws.docker_engine import lambda_image
from tests.support.local_aws.sam_local import NOWHERE, answer, sam
from tests.support.text.readme import printed

CASES = [(function, event, expect) for function, events in WITHOUT_AWS.items() for event, expect in events.items()]


@pytest.fixture(scope="module")
def image() -> str:
    """Build as in README; only the image is not from there."""
    sam(printed("sam build"))
    return lambda_image(NOWHERE)


@pytest.mark.parametrize(("function", "event", "expect"), CASES, ids=[f"{one[0]}-{one[1]}" for one in CASES])
def test_nothing_is_lost_where_no_aws_can_be_reached(image: str, function: str, event: str, expect: Expect) -> None:
    instead = {"IntakeFunction": function, "events/sqs-alarms.json": f"events/{event}.json"}
    command = [instead.pop(word, word) for word in printed("sam local invoke")]
    assert not instead
    result = answer([*command, "--skip-pull-image", "--invoke-image", image])
    assert result.value.get("errorMessage", result.value) == expect(event), result.log
