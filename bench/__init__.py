"""Benchmarks that compare Three Point with its peers. `make bench` runs them, the tests never do (bench/README.md)."""
