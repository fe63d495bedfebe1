"""Expected results: a file of what is known to fail, read, held against a run, and written.

:func:`read_expectations` reads the file, :func:`expected_results` judges a run by it, and
:func:`write_expectations` makes one from a run. The values are in :mod:`schemas.expectations`.
"""

from harness.expectations.judging import expected_results
from harness.expectations.reading import check_names, read_expectations
from harness.expectations.writing import write_expectations

__all__ = [
    "check_names",
    "expected_results",
    "read_expectations",
    "write_expectations",
]
