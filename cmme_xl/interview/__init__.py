"""What goes out: one person's interview workbook, generation, the issue log's entries and the dispatch list."""
