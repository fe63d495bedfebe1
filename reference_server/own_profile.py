"""The target profile of a server of ours: the shipped one, with the modes it was started in.

Knows the file and the keys; the harness alone knows what it makes of them.
"""

from pathlib import Path
from typing import Any

import tomlkit

from reference_server.dialect import Dialect, profile_values
from schemas.modes import Binding

SHIPPED = Path(__file__).with_name("profile.toml")


def profile_text(dialect: Dialect, url: str) -> str:
    """The TOML text of a profile that declares every key as a server of ``dialect`` has it."""
    document = tomlkit.parse(SHIPPED.read_text("utf-8"))
    values: dict[str, Any] = {"url": url, **profile_values(dialect)}
    if dialect.binding is Binding.URL:
        values["staff_url"] = url + "?conversation={customer_sn}"
    for key, value in values.items():
        *tables, name = key.split(".")
        table: Any = document
        for each in tables:
            table = table[each]
        table[name] = value
    return tomlkit.dumps(document)
