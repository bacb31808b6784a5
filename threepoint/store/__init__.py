"""Storage: raw files, history, quarantine and snapshots. Only this package opens Parquet, DuckDB or Spark."""
