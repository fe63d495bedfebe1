"""What this process uses, as far as its system tells."""

import gc
import os
import sys

import pytest

from harness.swarm.process_usage import GcPauses, Usage, usage


def test_an_open_file_is_counted() -> None:
    before = usage().open_fds
    if before is None:
        pytest.skip("this system does not tell")
    ends = os.pipe()
    after = usage()
    for end in ends:
        os.close(end)
    assert after.open_fds == before + 2
    if sys.platform == "linux":
        assert after.ports_used is not None
        assert after.ports_used >= after.open_fds


def test_the_larger_use_is_kept_and_the_unknown_stays_unknown() -> None:
    assert Usage(3, 9).joined(Usage(4)) == Usage(4, 9)
    assert Usage().joined(Usage()) == Usage()


def test_collections_are_counted_only_while_listening() -> None:
    pauses = GcPauses()
    gc.collect()
    assert pauses.take() == (0, 0)
    pauses.listen()
    pauses.listen()
    gc.collect()
    pauses.deafen()
    pauses.deafen()
    gc.collect()
    count, longest_us = pauses.take()
    assert count == 1
    assert longest_us > 0
    assert pauses.take() == (0, 0)
