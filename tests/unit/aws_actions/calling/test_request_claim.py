import pytest

from aws_actions.calling.request_claim import RequestClaim
from shared_state.claims import Claim, Claims
from tests.support.steps.tables import FailingRows


def test_without_a_row_an_unanswered_call_is_not_left_to_the_queue() -> None:
    claim = RequestClaim(None)
    for end in (claim.commit, claim.release, claim.park):
        end()
    assert (claim.hop, claim.is_doubtful, claim.is_exhausted, claim.leave_unanswered()) == (0, False, False, False)


def test_a_table_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    inner = Claims(rows=FailingRows(left=1), lease=90).claim("scope", "k1", 3)
    assert isinstance(inner, Claim)
    claim = RequestClaim(inner)
    for end in (claim.commit, claim.release, claim.park):
        end()
    assert claim.leave_unanswered()
    assert claim.hop == 3
    assert [one.getMessage() for one in caplog.records] == ["claim not ended"] * 4
