"""Hold the alerts of muted routes; at the end of the mute, move them to the lane of their destination.

The present routes decide at each receive: a mute may be removed, shortened or prolonged while alerts wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from configuration.stores import Store
from notifications.parsing import parse
from observability.telemetry import count, logger, with_telemetry
from outcomes.outcome import Later, LaterReason, Move
from record_batch.lane_message import own_message
from record_batch.lane_queue import LaneQueue
from record_batch.lane_step import Outcomes
from retry_policies import Deadline
from retry_policies.deadline import Clock
from retry_policies.presets import AWS_READ
from routes.mute import LONGEST_MUTE
from routes.muted_lane import MutedLane, utc_minute
from routes.route import Routes, choose
from routes.stored import StoredRoutes
from shared_state.claims import Claim, Claims
from shared_state.last_success import LAST_HOLD, LastSuccess

CHECK = 900.0
"""Seconds between two receives of a muted lane. A mute that is removed early ends after this time at the latest.

The template's LaneReceives allows this for LONGEST_MUTE.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Muting:
    """The muted lanes; `clock` is the wall clock."""

    stored_routes: StoredRoutes
    claims: Claims
    lanes: LaneQueue
    last_hold: LastSuccess
    """The last time an alert was held. For half an hour after it, the function notices reports no waiting alerts."""
    clock: Clock

    def hold(self, lane: MutedLane, records: Sequence[Record], deadline: Deadline) -> Outcomes[None]:
        """Move the alerts whose mute has ended or now ends at another time; then pause the lane for the others."""
        # Do not use cached routes: without the newest mute they would end it.
        routes, now = self.stored_routes.present_routes(deadline), self.clock()
        lanes = [(record, _lane_of(record, lane, routes, now)) for record in records]
        if any(now_in is None for _, now_in in lanes):
            event, title = ("ended", "has ended") if now >= lane.until else ("left", "some alerts wait no longer")
            self._announce(lane, event, title, "The alerts that waited follow.", deadline)
        note = f"muted until {utc_minute(min(now, lane.until))}"
        for record, now_in in lanes:
            hop = read_facts(record).hop
            if now_in is None:
                yield record, Move(lane.destination, note, hop, renewed_at=now)
            elif now_in.until != lane.until:
                yield record, Move(now_in.name, hop=hop)
        waiting = [record for record, now_in in lanes if now_in is not None and now_in.until == lane.until]
        if waiting:
            self.last_hold.record()
            said = f"Alerts of a route to {lane.destination} wait until then, and follow as digests."
            self._announce(lane, "begun", "begins", said, deadline)
            yield waiting[0], Later(LaterReason.MUTED, min(CHECK, lane.until - now))

    def _announce(self, lane: MutedLane, event: str, title: str, said: str, deadline: Deadline) -> None:
        """Send a message of our own to the destination's lane, once for each event and end of its mutes."""
        identity = f"mute-{event}-{lane.until}"
        claim = self.claims.claim(f"{lane.destination}.muted", identity, 0)
        if not isinstance(claim, Claim):
            return
        whole = f"Mute until {utc_minute(lane.until)}: {title}"
        if self.lanes.send([own_message(lane.destination, whole, said, identity=identity)], deadline) == [True]:
            claim.commit()
        else:
            claim.release()


def _lane_of(record: Record, lane: MutedLane, routes: Routes | None, now: float) -> MutedLane | None:
    """Return the muted lane in which the alert must wait; None if its mute is over."""
    if now >= (read_facts(record).sent_at or 0.0) + LONGEST_MUTE:
        return None
    known = lane if now < lane.until else None
    if routes is None:  # the routes cannot be read
        return known
    notification = parse(record)
    try:
        route = choose(routes.routes, notification)
        # After the lane's end, ask for that instant: a prolonged mute covers it; the next daily or weekly one does not.
        muted = None if route is None else route.muted_lane(notification, min(now, lane.until))
    except Exception as error:  # noqa: BLE001 - a bug in a route must neither end a mute nor prolong it
        logger.error("routes not used", extra={"record": record.message_id, "error": type(error).__name__})
        return known
    return replace(muted, destination=lane.destination) if muted and muted.until > now else None


def build_muting(store: Store, parameter: str, claims: Claims, lanes: LaneQueue) -> Muting:
    """Return the muted lanes of a stack, with the clock of the claims."""
    stored = StoredRoutes(
        store=store,
        parameter=parameter,
        policy=with_telemetry(AWS_READ),
        on_trouble=lambda _: count("RoutesNotUsed"),
    )
    last_hold = LastSuccess(claims.rows, LAST_HOLD, claims.clock)
    return Muting(stored_routes=stored, claims=claims, lanes=lanes, last_hold=last_hold, clock=claims.clock)
