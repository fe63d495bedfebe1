"""Where a token may stand, and which one counts."""

import pytest
from starlette.requests import HTTPConnection

from reference_server.credentials import identify
from schemas.account_tokens import DEMO_SECRET, Identity, mint
from schemas.words import Role

CUSTOMER = Identity("C1", Role.CUSTOMER, "王小明")
GOOD = mint(CUSTOMER)
DATED = mint(CUSTOMER, expires_s=100)
OTHER = mint(Identity("C2", Role.CUSTOMER, "n"), "another secret, long enough")


def request(header: str = "", cookie: str = "", query: str = "") -> HTTPConnection:
    headers = [(b"authorization", header.encode())] if header else []
    headers += [(b"cookie", cookie.encode())] if cookie else []
    return HTTPConnection({"type": "http", "headers": headers, "query_string": query.encode()})


@pytest.mark.parametrize(
    "good",
    [
        request(header=f"Bearer {GOOD}"),
        request(header=f"bearer  {GOOD}"),
        request(cookie=f"a=b; token={GOOD}"),
        request(query=f"x=1&access_token={GOOD}"),
        request(header=f"Bearer {GOOD}", cookie="token=wrong", query="access_token=wrong"),
    ],
)
def test_a_token_proves_its_account_wherever_it_stands(good):
    assert identify(good, DEMO_SECRET) == CUSTOMER


@pytest.mark.parametrize(
    "bad",
    [
        request(),
        request(header="Bearer"),
        request(header="Bearer x.y"),
        request(header=f"Basic {GOOD}"),
        request(header=f"Bearer {OTHER}"),
        request(header="Bearer wrong", query=f"access_token={GOOD}"),
        request(cookie=f"Token={GOOD}"),
        request(query="access_token=%ff.%ff"),
    ],
)
def test_anything_else_proves_nothing(bad):
    assert identify(bad, DEMO_SECRET) is None


@pytest.mark.parametrize(("now_s", "who"), [(99.9, CUSTOMER), (100.0, None)])
def test_a_token_counts_until_it_expires_by_the_servers_clock(now_s, who):
    dated = request(header=f"Bearer {DATED}")
    assert identify(dated, DEMO_SECRET, clock=lambda: now_s) == who
    assert identify(dated, DEMO_SECRET) is None
