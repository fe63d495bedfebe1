"""Compares runs: whether a candidate is better, the same or worse than a base, and how surely.

The run is the unit of inference (measurement §10); seconds within one run are not independent.
Pure: runs in, a comparison out.
"""
