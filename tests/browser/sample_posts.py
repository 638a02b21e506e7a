"""The messages that the samples of events/kinds become, as accepted requests."""

import json
from collections.abc import Iterator

from demo.slack.memory import Request
from holdfast_cli.kinds import SAMPLES
from tests.support.demo.slack_requests import request
from tests.support.samples.golden import message_of

AT = 1769825700.0
"""A minute after the time of the samples."""


def sample_posts() -> Iterator[tuple[str, Request]]:
    """Yield each sample's name and its post."""
    for number, sample in enumerate(sorted(SAMPLES.iterdir()), start=1):
        yield sample.name, post_of_sample(sample.name, number)


def post_of_sample(name: str, number: int = 1, channel: str = "alerts") -> Request:
    content = message_of(SAMPLES / name)
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
