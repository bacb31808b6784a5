"""Records prepared for display: facts with their states, lists, formatted values and JSON."""
