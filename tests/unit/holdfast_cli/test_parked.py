import io
from datetime import UTC, datetime

from rich.console import Console

from holdfast_cli.parked import document, show
from holdfast_cli.parking_queue import Parked

SINCE = datetime(2026, 1, 31, 12, 0, 41, tzinfo=UTC)


def parked(what: str = "ALARM checkout-errors") -> Parked:
    return Parked(what, "message_refused", "invalid_blocks", SINCE, receives=2, hop=0, sns_message_id="sns-7")


def shown(*alerts: Parked, is_terminal: bool = True) -> str:
    output = io.StringIO()
    show(alerts, 7, Console(file=output, force_terminal=is_terminal, width=200, no_color=True))
    return output.getvalue()


def test_the_table_shows_alert_reason_and_time() -> None:
    for is_terminal in (True, False):
        text = shown(parked(), is_terminal=is_terminal)
        assert all(word in text for word in ("ALARM checkout-errors", "message_refused (invalid_blocks)", "12:00:41"))
        assert "1 parked. The approximate count of SQS is 7." in text


def test_an_empty_queue_has_no_table() -> None:
    assert shown().startswith("0 parked.")


def test_markup_in_a_title_is_not_interpreted() -> None:
    assert "[red]gone" in shown(parked("[red]gone"))


def test_the_json_has_a_readable_time() -> None:
    assert datetime.fromisoformat(str(document(parked())["since"])) == SINCE
