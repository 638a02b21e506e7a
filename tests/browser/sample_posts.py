"""The messages that the samples of events/ become, as accepted requests."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from aws_events.strict_json import Json
from demo.slack.memory import Request
from holdfast_cli.kinds import SAMPLES, message_notification
from holdfast_cli.samples import ALERTS, samples
from tests.support.demo.slack_requests import request
from tests.support.samples.golden import content_of, message_of

AT = 1769825700.0
"""A minute after the time of the samples."""


def sample_posts() -> Iterator[tuple[str, Request]]:
    found = [
        (f"{Path(one.name).name}{'-' * bool(place)}{place or ''}", message)
        for one in samples().values()
        for place, (topic, message) in enumerate(one.messages)
        if topic == ALERTS
    ]
    for number, (name, message) in enumerate(found, start=1):
        yield name, _post(content_of(message_notification(message)), number)


def post_of_sample(name: str, number: int = 1, channel: str = "alerts") -> Request:
    return _post(message_of(SAMPLES / name), number, channel)


def _post(content: Mapping[str, Json], number: int, channel: str = "alerts") -> Request:
    blocks, attachments = (
        [*parts] if isinstance(parts := content.get(part), list) else [] for part in ("blocks", "attachments")
    )
    return request(
        number=number,
        time=AT,
        webhook=channel,
        text=str(content["text"]),
        blocks=tuple(blocks),
        attachments=tuple(attachments),
        body=json.dumps(content),
    )
