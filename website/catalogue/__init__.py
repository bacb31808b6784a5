"""Search, record, comparison and citation pages."""
