"""The consultants' live workbook: what everyone said side by side, calibrations, and what they make of the results."""
