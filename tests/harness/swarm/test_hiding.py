"""What is taken out of a server's words."""

from urllib.parse import quote

from harness.swarm.hiding import MOST_SECRETS, Hiding
from harness.target.redaction import HIDDEN


def test_secrets_are_hidden_wherever_they_stand_and_percent_encoded_too() -> None:
    hiding = Hiding()
    hiding.hide(["to/ken", ""])
    assert hiding.shown('{"Error":"no to/ken to%2Fken, as it is"}') == (
        '{"Error":"no *** ***, as it is"}'
    )
    assert hiding.shown("nothing of it") == "nothing of it"


def test_the_latest_secrets_are_known() -> None:
    hiding = Hiding()
    hiding.hide(f"secret{number}." for number in range(MOST_SECRETS + 1))
    assert hiding.shown(f"secret{MOST_SECRETS}. secret0.") == "*** secret0."


def test_a_secret_is_found_wherever_it_stands_however_long_it_is() -> None:
    for secret in ("a", "abcde", "abcdef", "abcdefg", "x y/z"):
        hiding = Hiding()
        hiding.hide([secret])
        for text in (secret, f"{secret}.", f".{secret}", f"..{quote(secret, safe='')}.."):
            assert secret not in hiding.shown(text)
            assert quote(secret, safe="") not in hiding.shown(text)
        assert hiding.shown("..") == ".."


def test_what_is_remembered_is_bounded_and_the_latest_stays_hidden() -> None:
    hiding = Hiding()
    for number in range(3 * MOST_SECRETS):
        hiding.hide([f"secret{number:07}"])
    assert len(hiding._endings) <= 2 * MOST_SECRETS
    assert hiding.shown(f"secret{3 * MOST_SECRETS - 1:07}") == HIDDEN
