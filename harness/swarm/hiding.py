"""Takes the secrets of a worker's logins out of what servers sent, before anybody keeps it."""

from collections.abc import Iterable
from urllib.parse import quote

from harness.target.redaction import HIDDEN

MOST_SECRETS = 20_000


class Hiding:
    """Knows the latest :data:`MOST_SECRETS` secrets; an account's own token counts once."""

    def __init__(self) -> None:
        self._secrets: dict[str, None] = {}

    def hide(self, secrets: Iterable[str]) -> None:
        """Show these nowhere, percent-encoded neither."""
        for secret in filter(None, secrets):
            self._secrets[secret] = None
            self._secrets[quote(secret, safe="")] = None
        while len(self._secrets) > MOST_SECRETS:
            del self._secrets[next(iter(self._secrets))]

    def shown(self, text: str) -> str:
        """``text`` without the secrets."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        return text
