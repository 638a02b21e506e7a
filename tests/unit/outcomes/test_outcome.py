import pytest

from outcomes.outcome import LaterReason, Move, Park, ParkReason, SkipReason
from tests.support.steps.batch_loops import Claim


@pytest.mark.parametrize("reasons", [LaterReason, SkipReason, ParkReason])
def test_a_reason_is_one_word_for_logs_metrics_and_people(reasons: type[LaterReason | SkipReason | ParkReason]) -> None:
    assert all(reason.value == reason.name.lower() for reason in reasons)


def test_claims_are_neither_compared_nor_shown() -> None:
    claims = (Claim(name="canary"),)
    park, move = Park(ParkReason.EXPIRED, claims=claims), Move("team", claims=claims)
    assert (park, move) == (Park(ParkReason.EXPIRED), Move("team"))
    assert "canary" not in f"{park} {move}"
