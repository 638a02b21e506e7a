"""Bar plots in SVG, the same bytes for the same figures."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 760, 270, 80
"""Widths in pixels: the picture, its labels, and the figures after the longest bar."""
BAR, GAP, TOP = 13, 9, 56
COLOURS = ("#2b6c99", "#d9822b", "#6f7f4f", "#999999")


@dataclass(frozen=True, slots=True)
class Bars:
    title: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    """Label -> a figure for each of the series."""
    form: str = ".2f"
    is_log: bool = False

    def svg(self) -> str:
        height = TOP + sum(len(figures) * BAR + GAP for _, figures in self.rows)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" font-family="sans-serif" font-size="11">'
        )
        frame = f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        title = f'<text x="10" y="20" font-size="14" font-weight="bold">{escape(self.title)}</text>'
        return "\n".join([head, frame, title, *self._legend(), *self._bars(), "</svg>", ""])

    def _legend(self) -> Iterator[str]:
        left = 10
        for colour, name in zip(COLOURS, self.series, strict=False):
            yield f'<rect x="{left}" y="32" width="10" height="10" fill="{colour}"/>'
            yield f'<text x="{left + 14}" y="41">{escape(name)}</text>'
            left += 30 + 7 * len(name)

    def _bars(self) -> Iterator[str]:
        top = TOP
        for label, figures in self.rows:
            middle = top + len(figures) * BAR / 2 + 4
            yield f'<text x="{LEFT - 8}" y="{middle:.1f}" text-anchor="end">{escape(label)}</text>'
            for colour, figure in zip(COLOURS, figures, strict=False):
                width = self._share(figure) * (WIDTH - LEFT - RIGHT)
                yield f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR - 2}" fill="{colour}"/>'
                yield f'<text x="{LEFT + width + 5:.1f}" y="{top + BAR - 3}">{figure:{self.form}}</text>'
                top += BAR
            top += GAP

    def _share(self, figure: float) -> float:
        """Return the length of a bar as a share of the longest. A logarithmic one begins below the least figure."""
        all_figures = _figures(self.rows)
        if not self.is_log:
            return figure / (max(all_figures) or 1.0)
        least = min(all_figures) / 1.5
        return math.log(figure / least) / math.log(max(all_figures) / least)


def _figures(rows: Sequence[tuple[str, tuple[float, ...]]]) -> list[float]:
    return [figure for _, figures in rows for figure in figures]
