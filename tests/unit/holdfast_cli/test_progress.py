import io
from queue import SimpleQueue
from threading import Event

from rich.console import Console

from holdfast_cli.progress import FIRST_AFTER, LINE_EVERY, progress


class Ticks(Event):
    """An event whose waits end when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self._waits: SimpleQueue[float] = SimpleQueue()
        self._ends: SimpleQueue[bool] = SimpleQueue()

    def wait(self, timeout: float | None = None) -> bool:
        self._waits.put(timeout or 0.0)
        return self._ends.get()

    def set(self) -> None:
        self._ends.put(item=True)

    def next_wait(self) -> float:
        """Return the seconds of the next wait, when all before it is printed."""
        return self._waits.get()

    def pass_by(self) -> None:
        self._ends.put(item=False)


def test_a_short_command_prints_no_progress() -> None:
    output = io.StringIO()
    with progress("reading", Console(file=output), Ticks()) as show:
        show("a step")
    assert output.getvalue() == ""


def test_a_long_one_prints_its_present_step_from_time_to_time_also_while_a_call_lasts() -> None:
    output, ticks = io.StringIO(), Ticks()
    with progress("reading", Console(file=output), ticks) as show:
        assert ticks.next_wait() == FIRST_AFTER
        ticks.pass_by()
        assert ticks.next_wait() == LINE_EVERY
        ticks.pass_by()
        ticks.next_wait()
        show("[/red] a step")
        ticks.pass_by()
        ticks.next_wait()
    assert output.getvalue().splitlines() == ["reading", "reading", "[/red] a step"]


def test_a_terminal_has_a_spinner_with_the_step() -> None:
    output = io.StringIO()
    with progress("reading", Console(file=output, force_terminal=True)) as show:
        show("[/red] a step")
    assert "[/red] a step" in output.getvalue()
