"""What of a login must not be shown, wherever it turns up again."""

import re
from urllib.parse import parse_qsl, urlsplit

from harness.target.accounts import Account
from harness.target.credentials import Credentials

SECRET_CHARS = 8

_WORD = re.compile(r"[^\s;=]+")


def secret_words(account: Account, known: Credentials, customer_sn: str = "") -> set[str]:
    """The secrets in how ``account`` opens a connection, with which ``customer_sn`` in its URL.

    A token command's token is known from where it stands alone: in header or query values.
    """
    query = [value for _, value in parse_qsl(urlsplit(known.url).query)]
    words = _WORD.findall(" ".join([*query, *(text for _, text in known.headers)]))
    long = [word for word in words if len(word) >= SECRET_CHARS]
    return {account.token.reveal(), *long} - {account.sn, customer_sn, ""}
