"""Account tokens: what is minted verifies, and nothing else does."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.account_tokens import DEMO_SECRET, Identity, mint, verify
from schemas.words import Role

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = names.filter(lambda sn: sn != "" and "|" not in sn)
identities = st.builds(Identity, numbers, st.sampled_from(Role), names)
NOW_S = 1_800_000_000.5


@given(identities, st.text("abc", min_size=1))
def test_a_minted_token_proves_its_identity_to_its_secret_alone(
    identity: Identity, other: str
) -> None:
    token = mint(identity)
    assert verify(token, DEMO_SECRET, NOW_S) == identity
    assert verify(token, DEMO_SECRET + other, NOW_S) is None


@given(identities, st.data())
def test_a_changed_payload_is_rejected(identity: Identity, data: st.DataObject) -> None:
    token = mint(identity)
    other = mint(data.draw(identities.filter(lambda drawn: drawn != identity)))
    forged = other.partition(".")[0] + "." + token.partition(".")[2]
    assert verify(forged, DEMO_SECRET, NOW_S) is None


@given(identities, st.integers(0, 1 << 40))
def test_a_dated_token_is_right_until_its_hour(identity: Identity, expires_s: int) -> None:
    token = mint(identity, expires_s=expires_s)
    assert verify(token, DEMO_SECRET, expires_s - 0.001) == identity
    assert verify(token, DEMO_SECRET, expires_s) is None


@given(identities, st.integers(0, 1 << 40), st.integers(1, 9))
def test_an_expiry_is_signed_along(identity: Identity, expires_s: int, later_s: int) -> None:
    head, expiry, proof = mint(identity, expires_s=expires_s).split(".")
    dateless = mint(identity).rpartition(".")[2]
    for forged in (
        f"{head}.{int(expiry) + later_s}.{proof}",
        f"{head}.{proof}",
        f"{head}.{expiry}.{dateless}",
        f"{head}..{dateless}",
    ):
        assert verify(forged, DEMO_SECRET, expires_s - 1) is None


def test_a_signature_of_one_form_is_no_good_in_the_other() -> None:
    """What is signed of an expired token, taken for the payload of one without an expiry."""
    claims, _, proof = mint(Identity("C1", Role.CUSTOMER, "n"), expires_s=5).rpartition(".")
    payload = base64.urlsafe_b64encode(claims.encode()).rstrip(b"=").decode()
    assert verify(f"{payload}.{proof}", DEMO_SECRET, 0) is None


@given(st.text(max_size=60))
def test_any_text_is_answered_without_an_error(token: str) -> None:
    assert verify(token, DEMO_SECRET, NOW_S) is None
    assert verify(f"{token}.{token}.{token}", DEMO_SECRET, NOW_S) is None


@pytest.mark.parametrize("sn", ["", "a|b"])
def test_an_sn_that_would_be_ambiguous_is_not_minted(sn: str) -> None:
    with pytest.raises(ValueError, match="sn"):
        mint(Identity(sn, Role.CUSTOMER, "name"))
