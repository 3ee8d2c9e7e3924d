"""How far an engagement has come, as a table on the terminal, as data, and as a workbook."""
