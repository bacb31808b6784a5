"""The only place that opens Parquet, DuckDB or Spark: bytes as published, history, snapshots, quarantine."""
