"""What was reached week by week, as an SVG drawing that needs no library and reads in black and white too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from benchmarks.campaign.intervals import Interval
from benchmarks.campaign.results import Document, Figure, Results
from benchmarks.campaign.ways import WAYS

WIDTH, HEIGHT = 900, 520
LEFT, RIGHT, TOP, BOTTOM = 80, 250, 56, 60
LABEL_GAP = 34
TICKS = 5
STYLES = {  # colour and dashes; all colours have 4.5:1 or more on white
    "a": ("#595959", "2 5"),
    "b": ("#8a5300", "9 5"),
    "c": ("#00567d", "14 4 3 4"),
    "d": ("#a3160f", ""),
    "e": ("#5b2d8a", "22 5"),
}


@dataclass(frozen=True)
class _Line:
    way: str
    points: list[Interval]


def by_week(results: Results, figure: str, what: str) -> str:
    """Return the drawing of one figure of a commune's weeks: a line a way, its 95 % interval as a band."""
    lines = [_Line(way, [results.mean(way, _at(figure, n)) for n in range(_weeks(results))]) for way in results.ways]
    most = max(max(p.mean, p.high if p.high == p.high else 0) for line in lines for p in line.points)
    step = _step(most / TICKS)
    highest = step * (int(most / step) + 1)
    drawn = [*_axes(_weeks(results), highest, step), *(_drawn(line, highest) for line in lines), *_labels(lines, highest)]
    title = f"{what} by the end of each week ({results.name.replace('-', ', ')} households)"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" '
            f'font-size="15" fill="#1a1a1a"><title>{escape(title)}</title>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            f'<text x="{LEFT}" y="30" font-size="18" font-weight="bold">{escape(title)}</text>',
            *drawn,
            "</svg>\n",
        ]
    )


def _weeks(results: Results) -> int:
    return len(results.sample["weeks"])


def _at(figure: str, number: int) -> Figure:
    def of_week(document: Document) -> float:
        return float(document["weeks"][number][figure])

    return of_week


def _step(rough: float) -> float:
    """Return the next round number from `rough` on: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** (len(str(max(1, int(rough)))) - 1)
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def _x(week: float, weeks: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * week / weeks


def _y(value: float, highest: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / highest


def _axes(weeks: int, highest: float, step: float) -> list[str]:
    drawn = []
    for n in range(round(highest / step) + 1):
        y = _y(n * step, highest)
        drawn.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d0d0d0"/>')
        drawn.append(f'<text x="{LEFT - 10}" y="{y + 5:.1f}" text-anchor="end">{n * step:,.0f}</text>')
    for week in range(1, weeks + 1):
        drawn.append(f'<text x="{_x(week, weeks):.1f}" y="{HEIGHT - BOTTOM + 24}" text-anchor="middle">{week}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    drawn.append(f'<text x="{middle:.0f}" y="{HEIGHT - 12}" text-anchor="middle">week of the campaign</text>')
    return drawn


def _drawn(line: _Line, highest: float) -> str:
    colour, dashes = STYLES[line.way]
    points = [Interval(0, 0, line.points[0].count), *line.points]
    weeks = len(line.points)
    path = " ".join(f"{_x(n, weeks):.1f},{_y(p.mean, highest):.1f}" for n, p in enumerate(points))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    drawn = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3"{dashed}/>'
    if all(p.half == p.half for p in points):
        above = [f"{_x(n, weeks):.1f},{_y(p.high, highest):.1f}" for n, p in enumerate(points)]
        below = [f"{_x(n, weeks):.1f},{_y(p.low, highest):.1f}" for n, p in enumerate(points)]
        drawn = f'<polygon points="{" ".join([*above, *reversed(below)])}" fill="{colour}" fill-opacity="0.15"/>' + drawn
    return drawn


def _labels(lines: Sequence[_Line], highest: float) -> list[str]:
    """Write each line's name and last figure beside its end, none over another."""
    drawn = []
    lowest_free = float("inf")
    for line in sorted(lines, key=lambda line: line.points[-1].mean):
        y = min(_y(line.points[-1].mean, highest) + 5, lowest_free)
        lowest_free = y - LABEL_GAP
        x = WIDTH - RIGHT + 12
        colour, _ = STYLES[line.way]
        name = escape(f"{line.way}. {WAYS[line.way].name_en}")
        drawn.append(f'<text x="{x}" y="{y:.1f}" fill="{colour}" font-weight="bold">{name}</text>')
        drawn.append(f'<text x="{x}" y="{y + 15:.1f}" font-size="13">{line.points[-1].text()}</text>')
    return drawn
