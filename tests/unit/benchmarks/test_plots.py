from xml.etree import ElementTree as ET

import pytest

from benchmarks.plots import Bars

ROWS = (("tenacity & others", (10.0, 100.0)), ("ours", (1.0, 1000.0)))


def bars_of(picture: str) -> list[float]:
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    return [float(one.attrib["width"]) for one in root if one.attrib.get("x") == "270"]


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    short, half, *_, longest = bars_of(Bars("t", ("a", "b"), ROWS).svg())
    assert (short / longest, half / longest) == pytest.approx((0.01, 0.1), abs=0.001)


def test_a_logarithmic_bar_shows_the_least_figure_too() -> None:
    lengths = bars_of(Bars("t", ("a", "b"), ROWS, is_log=True).svg())
    assert lengths[2] == min(lengths) > 0


def test_the_same_figures_make_the_same_picture() -> None:
    assert Bars("t", ("a", "b"), ROWS).svg() == Bars("t", ("a", "b"), ROWS).svg()
