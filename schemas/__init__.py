"""Ground floor: what may be said on the wire and what may be written down about it.

Imports nothing else of this project, so that the harness, the reports and the reference server can
all stand on it without standing on each other.
"""
