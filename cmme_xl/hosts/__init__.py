"""Functions inside a spreadsheet, and the add-ins that bring them there.

Thin: the arithmetic is `cmme_xl.scoring`, the ribbon starts the command line as its own process.
"""
