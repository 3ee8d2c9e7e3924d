"""The sheets of the plan workbook, one module per sheet: each draws inputs, live formulas and their cached values."""
