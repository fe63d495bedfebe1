"""Close codes as data: whole, and agreed upon with the wire judge."""

import pytest

from harness.conformance.close_codes import CLOSE_CODES, Travel, kind_of, samples
from harness.wire_judge import APPLICATION_CLOSE_CODES, SERVER_CLOSE_CODES


def test_every_number_of_two_bytes_is_of_one_kind():
    kinds = [sum(some.has(code) for some in CLOSE_CODES) for code in range(1 << 16)]
    assert set(kinds) == {1}


@pytest.mark.parametrize("some", CLOSE_CODES, ids=lambda some: some.kind)
def test_samples_are_of_their_kind(some):
    assert some.samples
    assert all(kind_of(code) is some for code in some.samples)


def test_the_wire_judge_lets_servers_send_the_same_codes():
    sendable = {code for code in range(1 << 16) if kind_of(code).server is Travel.MAY}
    assert sendable == SERVER_CLOSE_CODES | set(APPLICATION_CLOSE_CODES)


@pytest.mark.parametrize(
    ("code", "client", "server"),
    [
        (1000, Travel.MAY, Travel.MAY),
        (1005, Travel.NEVER, Travel.NEVER),
        (1010, Travel.MAY, Travel.NEVER),
        (1013, Travel.OPEN, Travel.MAY),
        (2000, Travel.OPEN, Travel.OPEN),
        (4999, Travel.MAY, Travel.MAY),
    ],
)
def test_a_code_may_be_one_role_s_alone(code, client, server):
    assert (kind_of(code).client, kind_of(code).server) == (client, server)


def test_samples_cover_all_kinds():
    tried = {code for travel in Travel for code in samples(travel)}
    assert tried == {code for some in CLOSE_CODES for code in some.samples}
