"""Account tokens: what is minted verifies, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.account_tokens import DEMO_SECRET, Identity, mint, verify
from schemas.words import Role

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = names.filter(lambda sn: sn != "" and "|" not in sn)
identities = st.builds(Identity, numbers, st.sampled_from(Role), names)


@given(identities, st.text("abc", min_size=1))
def test_a_minted_token_proves_its_identity_to_its_secret_alone(
    identity: Identity, other: str
) -> None:
    token = mint(identity)
    assert verify(token, DEMO_SECRET) == identity
    assert verify(token, DEMO_SECRET + other) is None


@given(identities, st.data())
def test_a_changed_payload_is_rejected(identity: Identity, data: st.DataObject) -> None:
    token = mint(identity)
    other = mint(data.draw(identities.filter(lambda drawn: drawn != identity)))
    assert verify(other.partition(".")[0] + "." + token.partition(".")[2], DEMO_SECRET) is None


@given(st.text(max_size=60))
def test_any_text_is_answered_without_an_error(token: str) -> None:
    assert verify(token, DEMO_SECRET) is None


@pytest.mark.parametrize("sn", ["", "a|b"])
def test_an_sn_that_would_be_ambiguous_is_not_minted(sn: str) -> None:
    with pytest.raises(ValueError, match="sn"):
        mint(Identity(sn, Role.CUSTOMER, "name"))
