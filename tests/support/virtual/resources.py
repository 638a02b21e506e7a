"""The queues for records that are not delivered, on a virtual road."""

from record_batch.batch import BatchResources
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from record_batch.redelivery import Redelivery
from shared_state.memory_rows import MemoryRows
from tests.support.virtual.road import Road
from tests.support.virtual.timing import timing


def resources(road: Road) -> BatchResources:
    """As each app.wire() makes them."""
    given = timing()
    redelivery = Redelivery(
        queue=road.sqs,
        queue_url=road.alerts_url,
        first_delay=given["FirstDelay"],
        delay_cap=given["DelayCap"],
        time_for_call=given["Reserve"] * 0.5,
        uniform=road.world.dice.uniform,
    )
    return BatchResources(redelivery, Parking(road.sqs, road.parking_url, Overflow(MemoryRows())), given["Reserve"])
