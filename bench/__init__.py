"""Side-by-side measurements against peers. Never part of the tests; `make bench` runs them (bench/README.md)."""
