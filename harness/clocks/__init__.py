"""Clocks of several hosts brought to one: the leader's. Source: measurement §4 (clocks).

Pure: round trips, estimates and times come in as values. Within a host all processes share one
clock; what is estimated here is the offset of another host's.
"""
