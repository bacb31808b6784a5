"""What make runs beside the library: the demo, and the terminal output shown in the pages."""
