"""The interviewer's record: one workbook per person for the session, scored live, returned like any other."""
