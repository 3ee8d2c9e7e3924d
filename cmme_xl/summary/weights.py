"""Weights and settings: the cells a user may change, from which every figure follows by native formulas."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression
from cmme_xl.catalogue import ROOT
from cmme_xl.spreadsheet import Link, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.furniture import SCORE, head, level_words, show, when, write
from cmme_xl.summary.places import Places

if TYPE_CHECKING:
    from cmme_xl.summary.view import View

FIRST_ROW = 9
HEAD_PX = 38
ID, NAME, KEY, WEIGHT, INSIDE, SHARE, BASE, GIVEN = range(1, 9)
SETTINGS = ("scope", "voice", "combine", "importance")


@dataclass(frozen=True)
class WeightCells:
    """Where weights and settings stand, with the values they have now."""

    context: Context

    @cached_property
    def rows(self) -> dict[str, int]:
        nodes = [ROOT]
        for dimension in self.context.dimensions:
            nodes += [dimension.id, *(indicator.id for indicator in dimension.indicators)]
        return {node: FIRST_ROW + number for number, node in enumerate(nodes)}

    @property
    def last_column(self) -> int:
        return self.setting_column + 2

    @property
    def setting_column(self) -> int:
        """Where the panel of settings begins, right of the table and a narrow column."""
        return GIVEN + len(self.context.others) + 1

    def _at(self, row: int, column: int, value: ex.Value) -> Expression:
        return Expression(self.context.sheets["weights"].cell(row, column), value)

    def weight(self, node: str) -> Expression:
        return self._at(self.rows[node], WEIGHT, self.context.nodes[node].weight)

    def in_scope(self, node: str) -> Expression:
        """Whether the cell says yes."""
        cell = self._at(self.rows[node], INSIDE, None)
        yes = ex.constant(self.context.words["weights.yes"])
        return Expression(f"{cell.text}={yes.text}", self.context.nodes[node].in_scope)

    def given(self, angle: str, node: str) -> Expression | None:
        """The cell for a given figure: of every angle but the current one."""
        if angle not in self.context.others:
            return None
        value = next((g.value for g in self.context.plan.given if (g.angle, g.node) == (angle, node)), None)
        return self._at(self.rows[node], GIVEN + self.context.others.index(angle), value)

    def calibrated(self, angle: str, node: str) -> Expression | None:
        """The cell of a calibration, on the sheet of calibrations."""
        return self.context.calibrated(angle, node)

    # --- settings

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that have a cell: where values come combined, nothing is left to say on combining them."""
        return SETTINGS if self.context.audience == "consultant" else ("scope", "importance")

    def setting_row(self, setting: str) -> int:
        return FIRST_ROW + 1 + self.settings.index(setting)

    def chosen(self, setting: str) -> str:
        """The code of a setting's present value."""
        if setting == "scope":
            return self.context.results.scope
        return str(getattr(self.context.plan.settings, setting))

    def word(self, setting: str, code: str) -> str:
        return self.context.words[f"{setting}.{code}"]

    def importance_word(self, code: str) -> str:
        return self.word("importance", code)

    def _is(self, setting: str, code: str) -> Expression:
        cell = self._at(self.setting_row(setting), self.setting_column + 1, None)
        return Expression(f"{cell.text}={ex.constant(self.word(setting, code)).text}", self.chosen(setting) == code)

    @cached_property
    def scope_is_key(self) -> Expression:
        return self._is("scope", "key")

    @cached_property
    def voice_is_tier(self) -> Expression:
        return self._is("voice", "tier")

    @cached_property
    def combine_is_median(self) -> Expression:
        return self._is("combine", "median")

    @property
    def importance(self) -> Expression:
        """The cell of the setting; its value here is the code."""
        return self._at(self.setting_row("importance"), self.setting_column + 1, self.chosen("importance"))

    def tier_share(self, tier: str) -> Expression:
        """The share of a tier, where voice is per tier."""
        tiers = [group.id for group in self.context.catalogue.tiers]
        row = FIRST_ROW + len(self.settings) + 4 + tiers.index(tier)
        share = self.context.plan.settings.tier_shares.get(tier, 0.0)
        return self._at(row, self.setting_column + 1, share)

    @property
    def shares_missing(self) -> Expression:
        """Whether the voice is that of tiers that have no shares: then no answer counts, and that must be said."""
        settings = self.context.plan.settings
        plain = settings.voice == "tier" and settings.combine != "median" and not any(settings.tier_shares.values())
        if self.context.audience == "client":
            return ex.constant(plain)
        cells = [self.tier_share(tier.id).text for tier in self.context.catalogue.tiers]
        tiers, median = self.voice_is_tier.text, self.combine_is_median.text
        return Expression(f"AND({tiers},NOT({median}),SUM({','.join(cells)})=0)", plain)


def widths(context: Context) -> list[int]:
    """The columns of the sheet in pixels."""
    given = 76 if context.lang == "zh" else 84
    return [20, 64, 250, 44, 64, 64, 76, 76, *([given] * len(context.others)), 24, 150, 150, 260, 20]


def draw(context: Context, cells: WeightCells, view: "View", places: Places) -> None:
    """The sheet: a row per node, settings to the right, and the result as it now stands."""
    sheet, words = context.sheets["weights"], context.words
    last = cells.last_column
    head(
        context, "weights", ex.constant(words["weights.title"]), ex.constant(words["weights.subtitle"]), last,
        narrow=True,
    )  # fmt: skip
    sheet.rows(6, (4, 4))
    titles = [("id", "left"), ("name", "left"), ("key", "center"), ("weight", "right"), ("inside", "center")]
    titles += [("share", "right"), ("base", "right")]
    heads = [(words[f"weights.{key}"], align) for key, align in titles]
    heads += [(words.fill("weights.given", angle=context.label(angle)), "right") for angle in context.others]
    page.header_row(sheet, FIRST_ROW - 1, ID, heads, HEAD_PX)
    for node, row in cells.rows.items():
        _row(context, cells, view, places, node, row)
    _rules(context, cells)
    foot = max(FIRST_ROW + len(cells.rows), _settings(context, cells, view))
    sheet.rows(foot, (8, 18))
    page.footnote(sheet, foot + 1, words["weights.foot"])
    sheet.repeat(FIRST_ROW - 1, FIRST_ROW - 1)
    sheet.freeze(FIRST_ROW, NAME + 1)
    sheet.print_to(foot + 1, last + 1)


def _row(context: Context, cells: WeightCells, view: "View", places: Places, node: str, row: int) -> None:
    sheet, book, words = context.sheets["weights"], context.book, context.words
    indicator = next((each for each in context.indicators if each.id == node), None)
    tone = "hair" if indicator else "rule"
    line: dict[str, object] = {"bottom": 1, "bottom_color": tone, "font_size": 9}
    if not indicator:
        line |= {"bold": True, "font_color": "brand", "bg_color": "tint2" if node == ROOT else "panel"}
    sheet.rows(row, (21 if indicator else 25,))
    sheet.text(row, ID, node if node != ROOT else "", book.style(**{**line, "font_color": "slate"}))
    name, target = context.name(node), places.behind(node)
    style = book.style(**line, indent=2 if indicator else int(node != ROOT))
    sheet.content(row, NAME, Link(name, target) if target else name, style)
    sheet.text(
        row,
        KEY,
        "★" if indicator and indicator.key else "",
        book.style(**{**line, "font_color": "accent"}, align="center"),
    )
    yellow = {**line, "bg_color": "input", "locked": False, "border": 1, "border_color": "input_edge"}
    number = book.style(**{**yellow, "font_color": "ink"}, num_format="0.##", align="right")
    plain = book.style(**{**line, "font_color": "muted", "bold": False}, num_format="0.##", align="right")
    if node == ROOT:
        for column in (WEIGHT, INSIDE, BASE):
            sheet.blank(row, column, plain)
    else:
        sheet.number(row, WEIGHT, context.nodes[node].weight, number)
        inside = words["weights.yes" if context.nodes[node].in_scope else "weights.no"]
        sheet.text(row, INSIDE, inside, book.style(**{**yellow, "font_color": "ink"}, align="center"))
        base = indicator.weight if indicator else next(d.weight for d in context.dimensions if d.id == node)
        sheet.number(row, BASE, base, plain)
    share = book.style(**line, num_format="0.0%", align="right")
    show(sheet, row, SHARE, view.at(node, "current", "share"), share)
    figure = book.style(**{**yellow, "font_color": "ink"}, num_format="0.00", align="right")
    for number_, angle in enumerate(context.others):
        given = cells.given(angle, node)
        sheet.number(row, GIVEN + number_, given.number if given else None, figure)


def _rules(context: Context, cells: WeightCells) -> None:
    """What may be typed, and the marks for what differs."""
    sheet, words, book = context.sheets["weights"], context.words, context.book
    first, last = FIRST_ROW, FIRST_ROW + len(cells.rows) - 1
    sheet.validation(
        first + 1, WEIGHT, last, WEIGHT, {"validate": "decimal", "criteria": ">=", "value": 0},
        prompt=words["weights.prompt_weight"], strict=True,
    )  # fmt: skip
    sheet.choices(
        first + 1, INSIDE, last, INSIDE, [words["weights.yes"], words["weights.no"]],
        prompt=words["weights.prompt_inside"], strict=True,
    )  # fmt: skip
    low, high = context.catalogue.scale_min, context.catalogue.scale_max
    if context.others:
        sheet.validation(
            first, GIVEN, last, GIVEN + len(context.others) - 1,
            {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high},
            prompt=words.fill("weights.prompt_given", low=low, high=high), strict=True,
        )  # fmt: skip
    differs = f"={local(first + 1, WEIGHT, fix_column=True)}<>{local(first + 1, BASE, fix_column=True)}"
    change = book.change(font_color="accent", bold=True)
    sheet.condition(first + 1, WEIGHT, last, WEIGHT, {"type": "formula", "criteria": differs, "format": change})
    out = f'={local(first + 1, INSIDE, fix_column=True)}="{words["weights.no"]}"'
    grey = book.change(font_color="muted", font_strikeout=True)
    sheet.condition(first + 1, ID, last, NAME, {"type": "formula", "criteria": out, "format": grey})


def _settings(context: Context, cells: WeightCells, view: "View") -> int:
    """The panel of switches, with the total beneath so that a change is seen at once; returns the row after it."""
    sheet, words, book = context.sheets["weights"], context.words, context.book
    left = cells.setting_column
    head_style = book.style(font_size=9, bold=True, font_color="white", bg_color="brand")
    sheet.fill(FIRST_ROW, left, left + 2, head_style)
    sheet.text(FIRST_ROW, left, words["weights.settings"], head_style)
    line = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    yellow = {"bg_color": "input", "border": 1, "border_color": "input_edge", "locked": False, "bold": True}
    note = book.style(**{**line, "font_size": 8}, font_color="muted", indent=1)
    for setting in cells.settings:
        row = cells.setting_row(setting)
        sheet.text(row, left, words[f"weights.{setting}"], book.style(**line))
        sheet.text(row, left + 1, cells.word(setting, cells.chosen(setting)), book.style(**yellow, font_size=9))
        said = ex.constant(words[f"weights.{setting}_note"])
        if setting == "voice":
            said = ex.choose(cells.shares_missing, ex.constant(words["weights.no_shares"]), said)
        write(sheet, row, left + 2, said, note)
        options = list(words.section(setting).values())
        sheet.choices(row, left + 1, row, left + 1, options, prompt=words["weights.prompt_setting"], strict=True)
    row = FIRST_ROW + 1 + len(cells.settings)
    if context.audience == "consultant":
        row += 2
        sheet.text(row, left, words["weights.tiers"], book.style(font_size=9, bold=True, font_color="brand"))
        alert = book.style(**line, font_color="alert", indent=1)
        hint = ex.constant(f"▲ {words['weights.no_shares']}")
        write(sheet, row, left + 2, when(cells.shares_missing, hint), alert)
        for tier in context.catalogue.tiers:
            row += 1
            sheet.text(row, left, tier.name.in_(context.lang), book.style(**line))
            share = cells.tier_share(tier.id)
            sheet.number(row, left + 1, share.number, book.style(**yellow, font_size=9, num_format="0.##"))
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
            sheet.validation(row, left + 1, row, left + 1, rule, prompt=words["weights.prompt_weight"], strict=True)
        row += 1
    row += 1
    sheet.text(row, left, words["weights.live"], book.style(font_size=9, bold=True, font_color="brand"))
    for angle in context.present:
        row += 1
        sheet.text(row, left, f"{GLYPHS[angle]} {context.label(angle)}", book.style(**line, font_color=COLOURS[angle]))
        style = book.style(**{**line, "font_size": 11}, bold=True, num_format=SCORE, align="left", font_color="brand")
        show(sheet, row, left + 1, view.at(ROOT, angle, "score"), style)
        write(sheet, row, left + 2, _standing(context, view, angle), note)
    return row + 1


def _standing(context: Context, view: "View", angle: str) -> Expression:
    """The level of an angle's total; what it covers instead, where that is too little to stand for the whole."""
    words, total = context.words, view.at(ROOT, angle, "level")
    level = level_words(context, total)
    if angle == "current":
        return ex.joined([level, when(view.at(ROOT, angle, "provisional"), ex.constant(words["overview.provisional"]))])
    covered = ex.shown(view.at(ROOT, angle, "coverage"), "0%")
    partly = ex.sentence(words["weights.covers"], share=covered)
    stands = view.firm_share(angle, context.catalogue.limits.provisional_below)
    return ex.choose(ex.has(total), ex.choose(stands, level, partly), level)
