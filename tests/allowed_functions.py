"""The functions our workbooks may use: those of Excel 2016, by the names they have in the file.

Source: Microsoft, "Excel functions (alphabetical)", by the version that introduced each; functions newer than
Excel 2007 stand in the file with the prefix _xlfn. ([MS-XLSX] 2.2.2, future functions). Only functions that also
work in WPS and LibreOffice and that need no add-in are listed. IFS, SWITCH, MAXIFS, MINIFS, CONCAT and TEXTJOIN
came with Excel 2019 and dynamic arrays with 365: they are missing on purpose.
"""

from collections.abc import Iterator

from openpyxl.formula import Tokenizer
from openpyxl.workbook import Workbook

CLASSIC = """
ABS ADDRESS AND AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS CEILING CHAR CHOOSE CLEAN CODE COLUMN COLUMNS CONCATENATE
CORREL COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DATEVALUE DAY DAYS360 EDATE EOMONTH ERROR.TYPE EVEN EXACT EXP
FALSE FIND FIXED FLOOR FREQUENCY HLOOKUP HOUR HYPERLINK IF IFERROR INDEX INDIRECT INT ISBLANK ISERR ISERROR ISEVEN
ISLOGICAL ISNA ISNONTEXT ISNUMBER ISODD ISREF ISTEXT LARGE LEFT LEN LN LOG LOG10 LOOKUP LOWER MATCH MAX MAXA MEDIAN
MID MIN MINA MINUTE MOD MODE MONTH MROUND N NA NETWORKDAYS NOT NOW ODD OFFSET OR PERCENTILE PERCENTRANK PI POWER
PRODUCT PROPER QUARTILE QUOTIENT RANK REPLACE REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SECOND SIGN SMALL
SQRT STDEV STDEVP SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ T TEXT TIME TIMEVALUE TODAY TRANSPOSE TRIM
TRUE TRUNC TYPE UPPER VALUE VAR VARP VLOOKUP WEEKDAY WEEKNUM WORKDAY YEAR YEARFRAC
"""

SINCE_2010 = """
AGGREGATE CEILING.MATH DAYS FLOOR.MATH FORMULATEXT IFNA ISFORMULA ISOWEEKNUM MODE.SNGL NUMBERVALUE PERCENTILE.EXC
PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC QUARTILE.EXC QUARTILE.INC RANK.AVG RANK.EQ SHEET SHEETS STDEV.P
STDEV.S UNICHAR UNICODE VAR.P VAR.S XOR
"""

EXCEL_2016 = frozenset(CLASSIC.split()) | {f"_XLFN.{name}" for name in SINCE_2010.split()}


def formulas(book: Workbook) -> Iterator[str]:
    """Every formula of a workbook, those of its conditional formats included."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.data_type == "f")
        for rules in sheet.conditional_formatting:
            yield from (f"={text}" for rule in rules.rules for text in rule.formula)


def used(book: Workbook) -> set[str]:
    """The functions that its formulas call, in capitals."""
    tokens = (token for text in formulas(book) for token in Tokenizer(text).items)
    return {token.value[:-1].upper() for token in tokens if token.type == "FUNC" and token.subtype == "OPEN"}
