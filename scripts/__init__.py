"""Scripts that `make` runs: the demo, and the reference pages and terminal output of the documentation."""
