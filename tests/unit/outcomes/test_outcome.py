import pytest

from outcomes.outcome import OUR_OWN, LaterReason, Move, Park, ParkReason, SkipReason


def test_what_slack_or_the_time_brings_about_is_no_fault_of_ours() -> None:
    its_own = {LaterReason.THROTTLED, LaterReason.UNREACHABLE, LaterReason.UNANSWERED, LaterReason.UNEXPECTED_ANSWER}
    passing = {LaterReason.NOT_ATTEMPTED, LaterReason.IN_PROGRESS, LaterReason.UNREADABLE}
    assert set(LaterReason) - OUR_OWN == its_own | passing


def test_a_self_test_that_fails_is_a_fault_of_ours_and_no_other_skipped_record() -> None:
    assert OUR_OWN & set(SkipReason) == {SkipReason.SELF_TEST_FAILED}


@pytest.mark.parametrize("reasons", [LaterReason, SkipReason, ParkReason])
def test_a_reason_is_one_word_for_logs_metrics_and_people(reasons: type[LaterReason | SkipReason | ParkReason]) -> None:
    assert all(reason.value == reason.name.lower() for reason in reasons)


class Secretive:
    """A claim whose text must not be shown."""

    hop = 0

    def __repr__(self) -> str:
        return "canary"

    def park(self) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""

    def move(self) -> None:
        """Do nothing."""


def test_the_claims_of_an_outcome_are_no_part_of_what_it_says() -> None:
    park, move = Park(ParkReason.EXPIRED, claims=(Secretive(),)), Move("team", claims=(Secretive(),))
    assert (park, move) == (Park(ParkReason.EXPIRED), Move("team"))
    assert "canary" not in f"{park} {move}"
