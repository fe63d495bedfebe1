"""What all records of a run log share; it knows none of them."""

import msgspec


class LogRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """One line of the log."""
