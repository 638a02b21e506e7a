import io

from rich.console import Console

from holdfast_cli.progress import progress


def shown(*times: float, is_terminal: bool = False) -> str:
    """Return what is printed if a step is shown at each of these seconds."""
    now, output = [0.0], io.StringIO()
    with progress(Console(file=output, force_terminal=is_terminal), lambda: now[0]) as show:
        for now[0] in times:
            show(f"step at {now[0]:.0f}")
    return output.getvalue()


def test_a_short_command_prints_no_progress() -> None:
    assert shown(0, 1) == ""


def test_a_long_one_prints_a_line_from_time_to_time() -> None:
    assert shown(0, 2, 3, 6, 7, 30).splitlines() == ["step at 2", "step at 7", "step at 30"]


def test_a_terminal_has_a_spinner_with_the_step() -> None:
    assert "step at 0" in shown(0, is_terminal=True)
