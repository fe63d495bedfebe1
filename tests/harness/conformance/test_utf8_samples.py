"""The samples are what they say they are, by Python's own decoder."""

import pytest

from harness.conformance.utf8_samples import INVALID, MORE_INVALID, VALID


@pytest.mark.parametrize("sample", VALID.values(), ids=VALID)
def test_valid_samples_are_utf8(sample):
    assert all(data.decode().encode() == data for data in sample)


@pytest.mark.parametrize("sample", [*INVALID.values(), *MORE_INVALID.values()])
def test_invalid_samples_are_not(sample):
    for data in sample:
        with pytest.raises(UnicodeDecodeError):
            (b"before" + data + b"behind").decode()


def test_nothing_is_tried_twice_in_the_normal_tier():
    tried = [data for sample in (*VALID.values(), *INVALID.values()) for data in sample]
    assert len(tried) == len(set(tried))
