import pytest

from demo.graphs.png import png
from slack_alerts.pictures.png import MOST_BYTES, png_problem
from slack_alerts.pictures.widget import SIZE

GRAPH = png()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (GRAPH, ""),
        (png(800, 401), "another size"),
        (png(1, 1), "another size"),
        (b"", "no picture"),
        (GRAPH[:23], "no picture"),
        (b"\xff\xd8\xff" + GRAPH, "no picture"),
        (GRAPH[:8] + b"\0\0\0\x0dIDAT" + GRAPH[16:], "no picture"),
        (GRAPH + bytes(MOST_BYTES), "too large"),
    ],
)
def test_only_a_png_of_the_right_size_is_a_picture(data: bytes, problem: str) -> None:
    assert png_problem(data, SIZE) == problem
