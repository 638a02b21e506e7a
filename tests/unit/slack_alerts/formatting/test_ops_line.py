import pytest

from slack_alerts.formatting.mrkdwn import units
from slack_alerts.formatting.ops_line import LINE_LIMIT, READ_LIMIT, format_line
from tests.support.samples.notifications import alert


def test_the_line_for_operations_has_title_place_and_reason() -> None:
    given = alert(title="checkout-errors", summary="Threshold\ncrossed", account="123456789012", region="eu-west-1")
    assert format_line(given) == "🔴 ALARM checkout-errors: Threshold crossed (123456789012, eu-west-1)"


@pytest.mark.parametrize("before", ["", "x " * (LINE_LIMIT // 2 - 20), "x " * (READ_LIMIT // 2 - 20)])
@pytest.mark.parametrize("field", ["title", "summary", "account"])
@pytest.mark.parametrize(
    "secret",
    [
        "https://hooks.slack.com/services/T0001/B0001/{}",
        "T00001/B00001/{}",
        "Authorization: Basic {}",
        "Bearer abcdefgh.ij.{}",
        "xoxb-1.ab-{}",
        "xoxe.xoxp-1-{}",
    ],
)
def test_the_line_for_operations_has_no_secret_whole_or_in_part(before: str, field: str, secret: str) -> None:
    line = format_line(alert(**{field: before + secret.format("canary" * 20) + " and more"}))
    assert "cana" not in line
    assert units(line) <= LINE_LIMIT
