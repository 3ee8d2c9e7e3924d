"""Workbooks that came from outside, read cell by cell without trusting any of them: guards, parts, cells. It knows
nothing of assessments; what is written back by people (returns, plans, catalogues) all comes in through here."""
