"""The sheet of the engagement: label, entry and meaning of every field and setting."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xlsxwriter.format import Format

from cmme_xl.plan import words
from cmme_xl.plan.sheets.drawing import DATE, HEADER_PX, Drawing
from cmme_xl.spreadsheet import Sheet, local, page

ROW_PX = 26


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    section = words.table("engagement")
    layout = drawing.layout
    widths = [section[f"width_{column}"] for column in ("label", "value", "explain")]
    sheet = drawing.sheet("engagement", widths, 3, tall=1)
    titles = [(drawing.word("engagement", role), "left") for role in ("label", "value", "explain")]
    page.header_row(sheet, layout.engagement.header, 1, titles, HEADER_PX)
    rows = layout.engagement_rows
    heads = {"about": "id", "settings": "scope", "shares": f"share:{drawing.content.catalogue.tiers[0].id}"}
    for word, role in heads.items():
        page.section(sheet, rows[role] - 1, 1, 3, drawing.word("engagement", word))
    for entry in section["row"]:
        _row(drawing, sheet, rows[entry["role"]], entry)
    _shares(drawing, sheet)
    sheet.freeze(layout.engagement.first)
    sheet.repeat(layout.engagement.header, layout.engagement.header)
    sheet.print_to(max(rows.values()), 4)
    sheet.select(rows["id"], 2)


def _row(drawing: Drawing, sheet: Sheet, row: int, entry: Mapping[str, Any]) -> None:
    lang = drawing.lang
    star = " *" if entry.get("required") else ""
    sheet.rows(row, (ROW_PX,))
    sheet.text(row, 1, entry["label"][lang] + star, drawing.fixed(bold=bool(star), font_size=10))
    kind = entry["kind"]
    value = _value(drawing, entry)
    style = drawing.input(font_size=10, align="left", **({"num_format": DATE} if kind == "date" else {}))
    _write(sheet, row, value, style)
    if kind in ("text", "date", "number"):
        drawing.bound(sheet, row, row, 2, kind, drawing.word("engagement", f"prompt_{kind}"))
    else:
        drawing.offer(sheet, row, row, 2, kind, drawing.word("engagement", "prompt_choice"))
    if entry.get("required"):
        blank = {"type": "blanks", "format": drawing.book.change(bg_color="alert_bg")}
        sheet.condition(row, 2, row, 2, blank)
    explain = entry["explain"][lang]
    example = entry.get("example", {}).get(lang)
    note = drawing.fixed(font_color="slate", indent=1)
    if example:
        shown = drawing.layout.word("engagement", "example").format(text=example)
        grey = drawing.book.style(font_size=9, font_color="muted", italic=lang == "en")
        sheet.rich(row, 3, [(explain + "  ", drawing.book.style(font_size=9, font_color="slate")), (shown, grey)], note)
    else:
        sheet.text(row, 3, explain, note)


def _value(drawing: Drawing, entry: Mapping[str, Any]) -> str | int | date | None:
    content = drawing.content
    role, kind = entry["role"], entry["kind"]
    if entry.get("setting"):
        value = getattr(content.settings, role)
    elif content.engagement:
        value = getattr(content.engagement, role)
    else:
        value = drawing.lang if role == "lang" else None
    if kind == "yesno":
        return drawing.choice("yesno", "yes" if value else "no")
    if kind in ("text", "date", "number") or not value:
        return value  # type: ignore[no-any-return]
    return drawing.choice(kind, value)


def _write(sheet: Sheet, row: int, value: str | int | date | None, style: Format) -> None:
    if isinstance(value, date):
        sheet.datetime(row, 2, value, style)
    elif isinstance(value, str):
        sheet.text(row, 2, value, style)
    else:
        sheet.number(row, 2, value, style)


def _shares(drawing: Drawing, sheet: Sheet) -> None:
    rows, content = drawing.layout.engagement_rows, drawing.content
    prompt = drawing.word("engagement", "prompt_share")
    shares = content.settings.tier_shares
    tiers = content.catalogue.tiers
    note = drawing.fixed(font_color="slate", indent=1)
    for tier in tiers:
        row = rows[f"share:{tier.id}"]
        sheet.rows(row, (ROW_PX,))
        label = drawing.word("engagement", "share", tier=tier.name.in_(drawing.lang))
        sheet.text(row, 1, label, drawing.fixed(font_size=10))
        sheet.number(row, 2, shares.get(tier.id), drawing.input(font_size=10, align="left"))
        drawing.bound(sheet, row, row, 2, "weight", prompt)
        sheet.text(row, 3, drawing.word("engagement", "share_explain"), note)
    row = rows["share_sum"]
    first, last = rows[f"share:{tiers[0].id}"], rows[f"share:{tiers[-1].id}"]
    sheet.rows(row, (ROW_PX,))
    sheet.text(row, 1, drawing.word("engagement", "share_sum"), drawing.fixed(font_size=10, bold=True))
    total = sum(shares.values())
    live = drawing.live(font_size=10, align="left", bold=True)
    sheet.formula(row, 2, f"=SUM({local(first, 2)}:{local(last, 2)})", total, live)
    by_tier = drawing.choice("voice", "tier")
    voice = local(rows["voice"], 2)
    lacking, fine = drawing.word("engagement", "share_none"), drawing.word("engagement", "share_fine")
    fault = f'=IF(AND({voice}="{by_tier}",{local(row, 2)}<=0),"{lacking}","{fine}")'
    wanting = content.settings.voice == "tier" and total <= 0
    sheet.formula(row, 3, fault, lacking if wanting else fine, note)
    changed = {"type": "formula", "criteria": f'={local(row, 3, fix_column=True)}="{lacking}"'}
    sheet.condition(row, 3, row, 3, changed | {"format": drawing.alert})
