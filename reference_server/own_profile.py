"""The target profile of a server of ours: the shipped one, with the modes it was started in.

Knows the file and the keys; the harness alone knows what it makes of them.
"""

from pathlib import Path
from typing import Any

import tomlkit

from reference_server.declaring import profile_values
from reference_server.rules import Rules
from schemas.account_tokens import DEMO_SECRET, Identity, mint
from schemas.modes import Binding
from schemas.words import Role

SHIPPED = Path(__file__).with_name("profile.toml")
EXPIRED_S = 1_577_836_800
"""When the printed token expired: the year 2020 had just begun."""


def expired_token(secret: str) -> str:
    """A token that a server with this secret took until :data:`EXPIRED_S`."""
    return mint(Identity("expired", Role.CUSTOMER, "expired"), secret, EXPIRED_S)


def profile_text(rules: Rules, url: str, secret: str = DEMO_SECRET) -> str:
    """The TOML text of a profile that declares every key as a server of these rules has it.

    ``secret`` signs its tokens.
    """
    document = tomlkit.parse(SHIPPED.read_text("utf-8"))
    values: dict[str, Any] = {"url": url, "accounts.expired_token": expired_token(secret)}
    values |= profile_values(rules.dialect) | profile_values(rules.guards)
    if rules.dialect.binding is Binding.URL:
        values["staff_url"] = url + "?conversation={customer_sn}"
    for key, value in values.items():
        *tables, name = key.split(".")
        table: Any = document
        for each in tables:
            table = table[each]
        table[name] = value
    return tomlkit.dumps(document)
