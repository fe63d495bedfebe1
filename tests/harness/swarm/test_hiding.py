"""What is taken out of a server's words."""

from harness.swarm.hiding import MOST_SECRETS, Hiding


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
