"""Populations as data: TOML files that say who takes part in a load and what they are like."""

from harness.populations.population import Population
from harness.populations.reading import find_population, read_population, shipped

__all__ = ["Population", "find_population", "read_population", "shipped"]
