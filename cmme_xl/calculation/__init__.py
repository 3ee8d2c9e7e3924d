"""The native calculation: results as live formulas, which summary and scorecard are both drawn from."""
