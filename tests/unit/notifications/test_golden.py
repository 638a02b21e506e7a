"""Each sample becomes the message in tests/golden, which Slack accepts."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from demo.slack.limits import read_posting
from holdfast_cli.kinds import SAMPLES
from tests.support.samples.golden import GOLDEN, message_of

ALL = sorted(SAMPLES.iterdir())


@pytest.mark.parametrize("sample", ALL, ids=lambda path: path.name)
def test_a_sample_becomes_its_golden_message(sample: Path) -> None:
    assert message_of(sample) == json.loads((GOLDEN / f"{sample.name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sample", ALL, ids=lambda path: path.name)
def test_slack_accepts_the_message(sample: Path) -> None:
    content: dict[str, Any] = {**message_of(sample)}
    assert read_posting(json.dumps(content).encode()).error == ""
    [attachment] = content["attachments"]
    for block in [*content["blocks"], *attachment["blocks"]]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


def test_no_golden_message_is_left_over() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == [f"{path.name}.json" for path in ALL]
