from hypothesis import given
from hypothesis import strategies as st

from outcomes.outcome import Later
from shared_state.claim_rows import claim_key, claimed_row
from shared_state.rows import Row, State

LEASE = 90.0


@given(st.text(), st.lists(st.text(max_size=3), min_size=2, max_size=2, unique=True))
def test_a_key_has_one_length_and_differs_by_alert_and_destination(identity: str, names: list[str]) -> None:
    assert len(claim_key("team", identity)) == len(claim_key("team", "a"))
    first, second = names
    assert claim_key("team", first) != claim_key("team", second)
    assert claim_key(first, "a") != claim_key(second, "a")


rows = st.builds(
    Row,
    token=st.just("old"),
    state=st.sampled_from([State.CLAIMED, State.FREE, State.POSTED, State.PARKED]),
    until=st.floats(0, 200),
    count=st.integers(0, 9),
    expires=st.floats(0, 200),
    hop=st.integers(0, 4),
    is_doubtful=st.booleans(),
)


@given(current=st.none() | rows, now=st.floats(0, 200), hop=st.integers(0, 4))
def test_an_alert_is_claimed_or_has_an_outcome(current: Row | None, now: float, hop: int) -> None:
    row = claimed_row(current, now=now, hop=hop, lease=LEASE, token="new")  # noqa: S106 - a version
    live = current if current is not None and current.expires > now else None
    if isinstance(row, Row):
        assert (row.state, row.until, row.token) == (State.CLAIMED, now + LEASE, "new")
        successor = live if live is not None and live.state is not State.PARKED else None
        assert (row.count >= 1, row.hop) == (True, max(hop, successor.hop) if successor else hop)
        assert row.is_doubtful == (live is not None and (live.is_doubtful or live.count > 0))
        return
    assert live is not None
    if isinstance(row, Later):
        assert 0 < row.after <= LEASE
    else:
        assert live.state in {State.POSTED, State.PARKED}
