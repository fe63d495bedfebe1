"""The delivery ledger: what was sent, what had to arrive where, and what did."""
