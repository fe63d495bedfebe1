"""Which words of a login are secrets."""

from harness.target import Account, Credentials
from harness.target.accounts import Secret
from harness.target.secret_words import secret_words
from schemas.words import Role

ACCOUNT = Account("customer-1", Role.CUSTOMER, "Ann", Secret("listed"))


def test_a_token_that_a_command_printed_is_known_from_where_it_stands() -> None:
    headers = (("Authorization", "Bearer fresh-token"), ("Cookie", "token=fresh-cookie; a=b"))
    known = Credentials("ws://shop/chat?access_token=fresh%2Fquery&sn=customer-1", headers)
    assert secret_words(ACCOUNT, known) == {"listed", "fresh-token", "fresh-cookie", "fresh/query"}


def test_whom_a_login_names_is_no_secret() -> None:
    known = Credentials("ws://shop/chat?sn=customer-1&of=customer-2", ())
    assert secret_words(ACCOUNT, known, "customer-2") == {"listed"}
