"""Hides the credentials that a capture holds wherever they turn up in its messages."""

from urllib.parse import quote

from harness.target.redaction import HIDDEN

MAX_SECRETS = 2_000


class Hiding:
    """Remembers secrets, the first :data:`MAX_SECRETS` of them."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def hide(self, secret: str) -> None:
        """Show ``secret`` nowhere, percent-encoded neither."""
        if len(self._secrets) < MAX_SECRETS:
            self._secrets |= {secret, quote(secret, safe="")}

    def shown(self, text: str) -> str:
        """``text`` without the secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text
