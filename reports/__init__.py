"""Draws a saved run: run log and verdict in, documents out. Draws, never judges.

Imports schemas alone, so that any saved run can be drawn again anywhere.
"""
