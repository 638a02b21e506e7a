import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed, changed_detail, read_sample


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("STARTED", Status.NOTICE),
        ("SUCCEEDED", Status.RESOLVED),
        ("FAILED", Status.FIRING),
        ("STOPPED", Status.FIRING),
        ("CANCELED", Status.NOTICE),
        ("SUPERSEDED", Status.NOTICE),
    ],
)
def test_an_execution_that_a_newer_one_replaced_has_not_failed(state: str, status: Status) -> None:
    assert changed_detail("codepipeline-succeeded.json", state=state).status is status


@pytest.mark.parametrize(
    ("expires", "summary"),
    [
        ("2026-02-07T02:14Z", "Production / Approve waits for approval until Sat 07 Feb 02:14 UTC: Check the basket"),
        ("soon", "Production / Approve waits for approval: Check the basket"),
    ],
)
def test_an_approval_says_until_when(expires: str, summary: str) -> None:
    approval = read_sample("codepipeline-approval.json")["approval"] | {"expires": expires}
    assert changed("codepipeline-approval.json", approval=approval).summary.startswith(summary)
