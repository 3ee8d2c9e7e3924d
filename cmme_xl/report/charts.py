"""Native charts for slides and for the document: one recipe each, drawn by python-pptx on a slide."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Brand

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.shapes.shapetree import SlideShapes

MARKERS = {"current": "circle", "target": "diamond", "benchmark": "square", "competitor": "triangle"}
LINE, LEGEND = 1.6, 5.2
"""Room for a line of a label and for a legend of two below it, in heights of the type."""
POINT = 12700
DASHES = {"target": "dash", "competitor": "sysDot"}


@dataclass(frozen=True, slots=True)
class Series:
    """A line of figures: its name, the palette colour it is drawn in, its values (None: left open) and its marker."""

    name: str
    colour: str
    values: tuple[float | None, ...]
    marker: str = "circle"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a chart stands: left, top, width and height, in EMU."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """Brand, language, size of the type in points and the scale's ends."""

    brand: Brand
    lang: str
    points: float
    low: float
    high: float


def radar(shapes: "SlideShapes", box: Box, look: Look, labels: Sequence[str], series: Sequence[Series]) -> "Chart":
    """A radar; the last series lies on top."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Pt

    chart = _chart(shapes, box, look, XL_CHART_TYPE.RADAR_MARKERS, labels, series)
    for plotted, each in zip(chart.plots[0].series, series, strict=True):
        current = each.colour == "current"
        _line(plotted, look, each, 2.5 if current else 1.5)
    _value_axis(chart, look, labels_shown=True)
    chart.value_axis.format.line.fill.background()
    chart.value_axis.tick_labels.font.size = Pt(max(7, look.points - 2))
    _legend(chart, XL_LEGEND_POSITION.BOTTOM, len(series) > 1)
    height = look.points * POINT / box.height
    label = LINE * max(each.count("\n") + 1 for each in labels) * height
    legend = LEGEND * height if len(series) > 1 else 0
    _room(chart, 0.15, label, 0.7, 1 - 2 * label - legend)
    return chart


def columns(shapes: "SlideShapes", box: Box, look: Look, labels: Sequence[str], series: Sequence[Series]) -> "Chart":
    """Columns for the first series, with their values, and markers for what it is compared with."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    chart = _chart(shapes, box, look, XL_CHART_TYPE.COLUMN_CLUSTERED, labels, series)
    chart.plots[0].gap_width = 70
    first = chart.plots[0].series[0]
    first.format.fill.solid()
    first.format.fill.fore_color.rgb = _rgb(look, series[0].colour)
    _data_labels(first, look, "white", "inside_base")
    _value_axis(chart, look, labels_shown=True)
    if len(series) > 1:
        _as_markers(chart, look, series, spread=False, keep=1)
    _legend(chart, XL_LEGEND_POSITION.TOP, len(series) > 1)
    return chart


def dots(shapes: "SlideShapes", box: Box, look: Look, labels: Sequence[str], series: Sequence[Series]) -> "Chart":
    """Markers alone, a line from the highest to the lowest at each label."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    chart = _chart(shapes, box, look, XL_CHART_TYPE.COLUMN_CLUSTERED, labels, series)
    _value_axis(chart, look, labels_shown=True)
    _as_markers(chart, look, series, spread=True, keep=0)
    _legend(chart, XL_LEGEND_POSITION.TOP, len(series) > 1)
    return chart


def bars(
    shapes: "SlideShapes", box: Box, look: Look, labels: Sequence[str], series: Series, pattern: str = "0.00"
) -> "Chart":
    """Horizontal bars from the top down, each with its value; no axis of values."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION

    chart = _chart(shapes, box, look, XL_CHART_TYPE.BAR_CLUSTERED, labels, [series], pattern)
    chart.plots[0].gap_width = 45
    first = chart.plots[0].series[0]
    first.format.fill.solid()
    first.format.fill.fore_color.rgb = _rgb(look, series.colour)
    _data_labels(first, look, "ink", "outside_end", pattern)
    chart.category_axis.reverse_order = True
    axis = chart.value_axis
    axis.minimum_scale = 0
    axis.has_major_gridlines = False
    axis.visible = False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    chart.has_legend = False
    return chart


def _chart(
    shapes: "SlideShapes",
    box: Box,
    look: Look,
    kind: Any,
    labels: Sequence[str],
    series: Sequence[Series],
    pattern: str = "0.00",
) -> "Chart":
    from pptx.chart.data import CategoryChartData
    from pptx.util import Pt

    data = CategoryChartData(number_format=pattern)
    data.categories = list(labels)
    digits = len(pattern.partition(".")[2])
    for each in series:
        data.add_series(each.name, [None if v is None else round_half_away(v, digits) for v in each.values])
    frame = shapes.add_chart(kind, box.left, box.top, box.width, box.height, data)
    chart: Chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(look.points)
    chart.font.color.rgb = _rgb(look, "ink")
    fonts(chart.font._element, look.brand, look.lang)
    _unframed(chart)
    _put_right(chart)
    return chart


def _put_right(chart: "Chart") -> None:
    """What the library writes against the format: axes numbered below zero, smooth lines in a radar."""
    from pptx.oxml.ns import qn

    space = chart._chartSpace
    for axis in [*space.iter(qn("c:axId")), *space.iter(qn("c:crossAx"))]:
        axis.set("val", axis.get("val").lstrip("-"))
    for radar_chart in space.iter(qn("c:radarChart")):
        for smooth in list(radar_chart.iter(qn("c:smooth"))):
            smooth.getparent().remove(smooth)


def _unframed(chart: "Chart") -> None:
    """Neither border nor ground of its own."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    empty = f"<c:spPr {nsdecls('c', 'a')}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    chart._chartSpace.find(qn("c:chart")).addnext(parse_xml(empty))


def _room(chart: "Chart", left: float, top: float, width: float, height: float) -> None:
    """Where the plot lies within the chart, as shares of its size."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    places = {"x": left, "y": top, "w": width, "h": height}
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    modes = "".join(f'<c:{name}Mode val="edge"/>' for name in "xy")
    values = "".join(f'<c:{name} val="{value}"/>' for name, value in places.items())
    inner = '<c:layoutTarget val="inner"/>'
    area.insert(
        0, parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{inner}{modes}{values}</c:manualLayout></c:layout>")
    )


def fonts(properties: Any, brand: Brand, lang: str) -> None:
    """The brand's fonts for Latin and for Chinese text, in an element of run properties."""
    from pptx.oxml.ns import qn

    for tag, name in (("a:latin", brand.fonts[lang]), ("a:ea", brand.fonts["zh"]), ("a:cs", brand.fonts[lang])):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        properties.append(properties.makeelement(qn(tag), {"typeface": name}))


def _rgb(look: Look, colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(look.brand.colour(colour).lstrip("#"))


def _line(plotted: Any, look: Look, each: Series, width: float) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE_DASH_STYLE
    from pptx.util import Pt

    dashes = {"dash": MSO_LINE_DASH_STYLE.DASH, "sysDot": MSO_LINE_DASH_STYLE.ROUND_DOT}
    plotted.format.line.color.rgb = _rgb(look, each.colour)
    plotted.format.line.width = Pt(width)
    if each.colour in DASHES:
        plotted.format.line.dash_style = dashes[DASHES[each.colour]]
    plotted.marker.style = XL_MARKER_STYLE[each.marker.upper()]
    plotted.marker.size = 7 if each.colour == "current" else 6
    plotted.marker.format.fill.solid()
    plotted.marker.format.fill.fore_color.rgb = _rgb(look, each.colour)
    plotted.marker.format.line.fill.background()


def _as_markers(chart: "Chart", look: Look, series: Sequence[Series], *, spread: bool, keep: int) -> None:
    """Turn all series but the first `keep` into markers without lines, on the axes of the columns."""
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    columns = chart._chartSpace.find(f".//{qn('c:barChart')}")
    moved = columns.findall(qn("c:ser"))[keep:]
    drawn = f'<a:ln w="25400"><a:solidFill><a:srgbClr val="{look.brand.palette["tint"]}"/></a:solidFill></a:ln>'
    high_low = f"<c:hiLowLines><c:spPr>{drawn}</c:spPr></c:hiLowLines>"
    lines = parse_xml(
        f"<c:lineChart {nsdecls('c', 'a')}>"
        '<c:grouping val="standard"/><c:varyColors val="0"/>'
        + (high_low if spread else "")
        + '<c:marker val="1"/></c:lineChart>'
    )
    for ser in moved:
        for name in ("c:invertIfNegative", "c:dLbls"):
            for old in ser.findall(qn(name)):
                ser.remove(old)
        columns.remove(ser)
    for ser in moved:
        lines.insert(lines.index(lines.find(qn("c:varyColors"))) + 1 + moved.index(ser), ser)
    for axis in columns.findall(qn("c:axId")):
        lines.append(deepcopy(axis))
    columns.addnext(lines)
    if not keep:
        columns.getparent().remove(columns)
    for plotted, each in zip(chart.plots[-1].series, series[keep:], strict=True):
        plotted.format.line.fill.background()
        plotted.marker.style = XL_MARKER_STYLE[each.marker.upper()]
        plotted.marker.size = 10
        plotted.marker.format.fill.solid()
        plotted.marker.format.fill.fore_color.rgb = _rgb(look, each.colour)
        plotted.marker.format.line.color.rgb = _rgb(look, "white")
        plotted.smooth = False


def _value_axis(chart: "Chart", look: Look, *, labels_shown: bool) -> None:
    from pptx.enum.chart import XL_TICK_MARK

    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = look.low, look.high, 1
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _rgb(look, "rule")
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
    axis.tick_labels.font.color.rgb = _rgb(look, "muted")
    chart.category_axis.format.line.color.rgb = _rgb(look, "rule")
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE


def _data_labels(plotted: Any, look: Look, colour: str, place: str, pattern: str = "0.00") -> None:
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    labels = plotted.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = pattern, False
    labels.position = XL_LABEL_POSITION[place.upper()]
    labels.font.size = Pt(look.points)
    labels.font.bold = True
    labels.font.color.rgb = _rgb(look, colour)


def _legend(chart: "Chart", position: Any, shown: bool) -> None:
    chart.has_legend = shown
    if shown:
        chart.legend.position = position
        chart.legend.include_in_layout = False
