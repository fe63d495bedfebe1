"""The rules of one server's house, as every edge of it reads them."""

import msgspec

from reference_server.dialect import Dialect
from reference_server.guards import Guards


class Rules(msgspec.Struct, frozen=True):
    """How the server reads the page, what it bears, and from which pages browsers may come
    (``origins``: lower case, empty for any).
    """

    dialect: Dialect = Dialect()
    guards: Guards = Guards()
    origins: frozenset[str] = frozenset()
