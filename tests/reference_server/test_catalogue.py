"""The shop's numbers: what is known, what is not."""

import pytest

from reference_server.catalogue import info_of, is_unknown, place_of
from schemas.account_tokens import Identity
from schemas.words import Role, TitleType


@pytest.mark.parametrize(
    ("topic", "number", "unknown"),
    [
        (TitleType.PRO, "P-1001", False),
        (TitleType.PRO, "P-1999", False),
        (TitleType.PRO, "P-1000", True),
        (TitleType.PRO, "P-2000", True),
        (TitleType.PRO, "O-5001", True),
        (TitleType.PRO, "P-１００１", True),
        (TitleType.ORDER, "O-5001", False),
        (TitleType.ORDER, "O-5999", False),
        (TitleType.ORDER, "O-5000", True),
        (TitleType.ORDER, "O-6000", True),
        (TitleType.OTHER, "anything", False),
        (None, "P-9", False),
    ],
)
def test_which_numbers_are_unknown(topic, number, unknown):
    assert is_unknown(topic, number) is unknown
    assert (info_of(topic, number) is not None) == (topic in ("pro", "order") and not unknown)


def test_info_is_three_strings():
    info = info_of(TitleType.PRO, "P-1500")
    assert info is not None
    assert all(isinstance(each, str) and each for each in (info.name, info.status, info.price))


def test_some_customers_have_a_place_and_always_the_same():
    customers = [Identity(f"C{n}", Role.CUSTOMER, "") for n in range(200)]
    places = [place_of(each) for each in customers]
    assert places == [place_of(each) for each in customers]
    known = [each for each in places if each is not None]
    assert 100 < len(known) < 200
    assert all(-90 <= each.latitude <= 90 and -180 <= each.longitude <= 180 for each in known)


def test_staff_always_have_a_place():
    assert all(place_of(Identity(f"S{n}", Role.STAFF, "")) for n in range(200))
