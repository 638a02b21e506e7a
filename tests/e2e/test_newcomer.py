"""The commands of docs/first-deployment.md on an empty local AWS print what the page shows."""

from pathlib import Path

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from tests.support.local_aws.newcomer import PAGE, page, transcript


def test_the_page_shows_what_a_newcomer_sees(tmp_path: Path) -> None:
    with LocalAws() as aws, SlackStandin() as slack:
        assert page(transcript(aws, slack, tmp_path)) == PAGE.read_text(encoding="utf-8")
        greeting = "Holdfast can post here. This channel is the destination default of stack holdfast"
        assert any(greeting in one.body for one in slack.messages(accepted=True))
