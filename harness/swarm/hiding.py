"""Takes the secrets of a worker's logins out of what servers sent, before anybody keeps it."""

from collections.abc import Iterable
from urllib.parse import quote

from harness.target.redaction import HIDDEN

MOST_SECRETS = 20_000
_ENDING = 6  # characters: few texts have any secret's, and many secrets begin alike


class Hiding:
    """Knows the latest :data:`MOST_SECRETS` secrets; an account's own token counts once."""

    def __init__(self) -> None:
        self._secrets: dict[str, None] = {}
        self._endings: set[str] = set()  # of the forgotten ones too, now and then
        self._short = False

    def hide(self, secrets: Iterable[str]) -> None:
        """Show these nowhere, percent-encoded neither."""
        for secret in filter(None, secrets):
            for spelled in (secret, quote(secret, safe="")):
                self._secrets[spelled] = None
                self._endings.add(spelled[-_ENDING:])
                self._short = self._short or len(spelled) < _ENDING
        while len(self._secrets) > MOST_SECRETS:
            del self._secrets[next(iter(self._secrets))]
        if len(self._endings) > 2 * MOST_SECRETS:
            self._endings = {secret[-_ENDING:] for secret in self._secrets}

    def shown(self, text: str) -> str:
        """``text`` without the secrets."""
        if not self._may_have_any(text):
            return text
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        return text

    def _may_have_any(self, text: str) -> bool:
        """Far cheaper than to look for each of very many secrets, while messages are under way."""
        endings = self._endings
        places = range(len(text) - _ENDING + 1)
        return self._short or any(text[at : at + _ENDING] in endings for at in places)
