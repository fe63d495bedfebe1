"""The history of runs: kept in a database, shown as trends, and a source of baselines."""
