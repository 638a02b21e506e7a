"""The fields of a muted route in virtual time."""

from datetime import UTC, datetime

from aws_events.strict_json import Json
from tests.support.virtual.clocks import EPOCH


def mute(begins: float, ends: float) -> dict[str, Json]:
    """Return the fields of a route that is muted between these seconds of virtual time."""
    moments = [f"{datetime.fromtimestamp(EPOCH + at, UTC):%Y-%m-%dT%H:%M:%S}Z" for at in (begins, ends)]
    return {"mute": {"from": moments[0], "until": moments[1]}}
