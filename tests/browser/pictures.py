"""Pictures of a page or of a part of it, optimised without loss."""

from pathlib import Path
from typing import Any

SCALE = 2
PATIENCE = 120_000.0
"""Milliseconds: a machine that also builds the stack may be slow."""


def new_page(browser: Any, url: str, size: tuple[int, int], scale: float = SCALE, colours: str = "light") -> Any:  # noqa: ANN401 - playwright's
    """Open the page as pictures show it: at this scale, in UTC, without motion."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        color_scheme=colours,
        reduced_motion="reduce",
        timezone_id="UTC",
        locale="en-GB",
    )
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    page.wait_for_selector(".connection.live")
    page.evaluate("document.fonts.ready")
    return page


def keep(part: Any, path: Path, **options: object) -> None:  # noqa: ANN401 - playwright's
    """Write an optimised picture of a page or of an element."""
    import oxipng  # noqa: PLC0415 - in the environment of make test-browser only

    path.write_bytes(oxipng.optimize_from_memory(part.screenshot(animations="disabled", **options), level=4))
