"""Recipes for native charts: radar, bars and markers laid over table rows, scatter. Knows series, not their meaning.

A row chart covers a table's header row and its body rows exactly; two row charts on one anchor lie on each
other, so bars and markers share the rows of the table beneath them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.chart import Chart

from cmme_xl.spreadsheet.book import Book
from cmme_xl.spreadsheet.brand import Brand

Options = dict[str, Any]
NONE: Options = {"none": True}
SIDE_PX = 9

_LINES: dict[str, tuple[float, str | None, str, int]] = {
    "current": (2.75, None, "circle", 7),
    "target": (1.75, "dash", "diamond", 7),
    "benchmark": (1.75, None, "square", 6),
    "competitor": (1.5, "round_dot", "triangle", 6),
    "customer": (1.75, None, "diamond", 8),
    "tier1": (1.75, None, "diamond", 9),
    "tier2": (1.75, None, "square", 7),
    "tier3": (1.75, None, "circle", 7),
    "before": (1.25, "dash", "circle", 4),
    "whatif": (2.25, "square_dot", "circle", 6),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars or markers. `role` picks line and marker (a key of `_LINES`);
    `name` is a text or a reference; `categories` and `values` are references ("='Sheet'!$A$1:$A$8")."""

    role: str
    name: str
    categories: str
    values: str


@dataclass(frozen=True, slots=True)
class RowChart:
    """The table rows a chart lies over: how many, the heights of head and rows, and the chart's width, in pixels."""

    count: int
    head_px: int
    row_px: int
    width_px: int

    @property
    def total_px(self) -> int:
        return self.head_px + self.count * self.row_px

    @property
    def layout(self) -> dict[str, float]:
        """The inner plot area that meets the rows exactly."""
        return {
            "x": SIDE_PX / self.width_px,
            "y": self.head_px / self.total_px,
            "width": 1 - 2 * SIDE_PX / self.width_px,
            "height": self.count * self.row_px / self.total_px,
        }


def font(brand: Brand, points: float = 9, colour: str = "slate", bold: bool = False) -> Options:
    """A chart font."""
    return {"size": points, "color": brand.colour(colour), "bold": bold}


def line(brand: Brand, role: str) -> Options:
    """The line of a role."""
    weight, dash, _, _ = _LINES[role]
    return {"color": brand.colour(role), "width": weight} | ({"dash_type": dash} if dash else {})


def marker(brand: Brand, role: str) -> Options:
    """The marker of a role; the current one has a white rim so that it stands out of what it covers."""
    _, _, shape, size = _LINES[role]
    colour = brand.colour(role)
    rim = {"color": brand.colour("white"), "width": 0.75} if role == "current" else {"color": colour}
    return {"type": shape, "size": size, "fill": {"color": colour}, "border": rim}


def radar(
    book: Book,
    series: Sequence[Series],
    width_px: int,
    height_px: int,
    *,
    low: float,
    high: float,
    label_points: float = 10,
    plot: tuple[float, float, float, float] = (0.2, 0.09, 0.6, 0.7),
    legend: bool = True,
) -> Chart:
    """A radar with a fixed axis from `low` to `high`, gridlines per unit and a legend below.

    The last series lies on top. `plot` = x, y, width, height of the plot area as shares of the chart, leaving
    room for the labels.
    """
    brand = book.brand
    chart = book.chart("radar", "with_markers")
    for each in series:
        chart.add_series(
            {
                "name": each.name,
                "categories": each.categories,
                "values": each.values,
                "line": line(brand, each.role),
                "marker": marker(brand, each.role),
            }
        )
    chart.set_x_axis({"num_font": font(brand, label_points, "ink")})
    chart.set_y_axis(
        {
            "min": low,
            "max": high,
            "major_unit": 1,
            "num_format": "0",
            "num_font": font(brand, 8, "muted"),
            "line": {"color": brand.colour("rule"), "width": 0.5},
            "major_gridlines": {"visible": True, "line": {"color": brand.colour("rule"), "width": 0.75}},
        }
    )
    x, y, wide, tall = plot
    _bare(chart, {"x": x, "y": y, "width": wide, "height": tall})
    legend_y = min(0.925, y + tall + 0.13)
    layout = {"x": 0.02, "y": legend_y, "width": 0.96, "height": 0.07}
    chart.set_legend({"position": "bottom", "font": font(brand, 9), "layout": layout} if legend else NONE)
    # without this a radar of one series would take its name for a title
    chart.set_title(NONE)
    chart.set_size({"width": width_px, "height": height_px})
    return chart


def row_bars(
    book: Book,
    rows: RowChart,
    series: Sequence[Options],
    *,
    low: float = 0,
    high: float = 5,
    unit: float = 1,
    gap: int = 110,
    stacked: bool = False,
    grid: bool = True,
    labels: bool = True,
) -> Chart:
    """Horizontal bars over table rows, first row on top. `series`: XlsxWriter series options."""
    brand = book.brand
    chart = book.chart("bar", "stacked" if stacked else None)
    for number, each in enumerate(series):
        chart.add_series({**each, "gap": gap} if number == 0 else each)
    _bare(chart, rows.layout)
    chart.set_y_axis({"reverse": True, "visible": False, "major_gridlines": {"visible": False}})
    scale = _scale(brand, low, high, unit, grid=grid)
    chart.set_x_axis({**scale, "num_font": font(brand, 8, "muted"), "visible": labels})
    _untitled(chart, rows)
    return chart


def _scale(brand: Brand, low: float, high: float, unit: float, *, grid: bool) -> Options:
    """The axis along which rows are drawn."""
    return {
        "min": low,
        "max": high,
        "major_unit": unit,
        "num_format": "0",
        "line": NONE,
        "major_tick_mark": "none",
        "major_gridlines": {"visible": grid, "line": {"color": brand.colour("rule"), "width": 0.5}},
    }


def row_markers(
    book: Book,
    rows: RowChart,
    series: Sequence[Options],
    *,
    low: float = 0,
    high: float = 5,
    unit: float = 1,
    grid: bool = False,
    labels: bool = False,
    label_colour: str = "muted",
) -> Chart:
    """Markers over table rows. The y values run from count - 0.5 for the first row down to 0.5 for the last."""
    brand = book.brand
    chart = book.chart("scatter")
    for each in series:
        chart.add_series(each)
    _bare(chart, rows.layout)
    shown = {"num_font": font(brand, 8, label_colour), "label_position": "high" if labels else "none"}
    chart.set_x_axis({**_scale(brand, low, high, unit, grid=grid), **shown, "minor_tick_mark": "none"})
    chart.set_y_axis(
        {
            "min": 0,
            "max": rows.count,
            "major_unit": 1,
            "visible": False,
            "major_gridlines": {"visible": False},
            "line": NONE,
        }
    )
    _untitled(chart, rows)
    return chart


def columns(
    book: Book, bars: Options, level: Series | None, width_px: int, height_px: int, *, low: float, high: float
) -> Chart:
    """Upright columns over as many equally wide cells of a sheet, and a dashed line across them at some height."""
    brand = book.brand
    chart = book.chart("column")
    chart.add_series({**bars, "gap": 60})
    if level:
        across = book.chart("line")
        options = {"name": level.name, "categories": level.categories, "values": level.values}
        across.add_series({**options, "line": line(brand, level.role), "marker": {"type": "none"}})
        chart.combine(across)
    _bare(chart, {"x": 0, "y": 0.04, "width": 1, "height": 0.92})
    grid = {"visible": True, "line": {"color": brand.colour("rule"), "width": 0.5}}
    chart.set_y_axis({"min": low, "max": high, "major_unit": 1, "visible": False, "major_gridlines": grid})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend(NONE)
    chart.set_title(NONE)
    chart.set_size({"width": width_px, "height": height_px})
    return chart


def bubble(brand: Brand, name: str, x: str, y: str, size: int) -> Options:
    """Series options: one marker of this size with its number in it; `name` refers to the cell with the number."""
    label: Options = {"series_name": True, "position": "center", "font": font(brand, 8, "white", True)}
    fill = {"color": brand.colour("brand2")}
    marker_ = {"type": "circle", "size": size, "fill": fill, "border": {"color": brand.colour("white"), "width": 0.75}}
    return {"name": name, "categories": x, "values": y, "line": NONE, "marker": marker_, "data_labels": label}


def matrix(
    book: Book,
    series: Sequence[Options],
    width_px: int,
    height_px: int,
    titles: tuple[str, str],
    x: tuple[float, float],
) -> Chart:
    """Markers over two axes, whose titles are those of x and y; x runs between the two values given."""
    brand = book.brand
    chart = book.chart("scatter")
    for each in series:
        chart.add_series(each)
    chart.set_chartarea({"border": NONE, "fill": NONE})
    grid = {"visible": True, "line": {"color": brand.colour("rule"), "width": 0.5}}
    common: Options = {
        "num_font": font(brand, 8, "muted"),
        "name_font": font(brand, 9, "slate"),
        "major_gridlines": grid,
    }
    common |= {"line": {"color": brand.colour("rule")}, "major_tick_mark": "none"}
    low, high = x
    across: Options = {"name": titles[0], "min": low, "max": high, "major_unit": 1, "label_position": "none"}
    chart.set_x_axis({**common, **across})
    chart.set_y_axis({**common, "name": titles[1], "min": 0, "num_format": "0.00"})
    chart.set_legend(NONE)
    chart.set_title(NONE)
    chart.set_size({"width": width_px, "height": height_px})
    return chart


def bar(brand: Brand, name: str, categories: str, values: str, colour: str) -> Options:
    """Series options: plain bars of one colour."""
    return {
        "name": name,
        "categories": categories,
        "values": values,
        "fill": {"color": brand.colour(colour)},
        "border": NONE,
    }


def unseen(name: str, categories: str, values: str) -> Options:
    """Series options: an invisible bar that pushes the next one of a stack to its place."""
    return {"name": name, "categories": categories, "values": values, "fill": NONE, "border": NONE}


def dots(brand: Brand, name: str, x: str, y: str, role: str) -> Options:
    """Series options: the markers of a role without a line."""
    return {"name": name, "categories": x, "values": y, "line": NONE, "marker": marker(brand, role)}


def _bare(chart: Chart, layout: Options) -> None:
    chart.set_chartarea({"border": NONE, "fill": NONE})
    chart.set_plotarea({"border": NONE, "fill": NONE, "layout": layout})


def _untitled(chart: Chart, rows: RowChart) -> None:
    chart.set_legend(NONE)
    chart.set_title(NONE)
    chart.set_size({"width": rows.width_px, "height": rows.total_px})
