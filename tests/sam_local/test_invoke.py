"""The `sam local invoke` of README: every function with each of its sample events, in Lambda's container."""

import re
import shlex

import pytest

from holdfast_cli.sam import ROOT
from tests.support.handlers.invocations import WITHOUT_AWS, Expect
from tests.support.local_aws.docker_engine import lambda_image
from tests.support.local_aws.sam_local import NOWHERE, answer, sam

CASES = [(function, event, expect) for function, events in WITHOUT_AWS.items() for event, expect in events.items()]


def readme_command(beginning: str) -> list[str]:
    page = (ROOT / "README.md").read_text().replace("\\\n", " ")
    (command,) = re.findall(rf"^{re.escape(beginning)} .*", page, flags=re.MULTILINE)
    return shlex.split(command, comments=True)


@pytest.fixture(scope="module")
def image() -> str:
    """Build as README says; README does not name the image."""
    sam(readme_command("sam build"))
    return lambda_image(NOWHERE)


@pytest.mark.parametrize(("function", "event", "expect"), CASES, ids=[f"{one[0]}-{one[1]}" for one in CASES])
def test_nothing_is_lost_without_aws(image: str, function: str, event: str, expect: Expect) -> None:
    instead = {"IntakeFunction": function, "events/sqs-alarms.json": f"events/{event}.json"}
    command = [instead.pop(word, word) for word in readme_command("sam local invoke")]
    assert not instead
    found = answer([*command, "--skip-pull-image", "--invoke-image", image])
    assert found.value.get("errorMessage", found.value) == expect(event), found.log
