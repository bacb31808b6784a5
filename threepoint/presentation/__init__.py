"""Records as a reader sees them: facts with their states, lists, formatted values, JSON."""
