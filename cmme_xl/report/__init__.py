"""The written diagnosis and the deck for the feedback workshop: what results say, on paper and on slides."""
