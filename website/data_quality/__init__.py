"""Pages about data quality: sources, coverage, missing fields, checks of drafts, and how figures are calculated."""
