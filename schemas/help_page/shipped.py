"""The project's own rendering of the contract as a help page, and where a server shows it."""

from functools import cache
from importlib.resources import files

from schemas.help_page.model import HelpPage
from schemas.help_page.reading import read_page

PAGE_PATH = "/Help/Api/POST-api-ChatSocket-WebSocket"
"""Where the HelpPage area puts the page of this action."""


@cache
def shipped_page() -> HelpPage:
    """``page.txt``, from which the shipped literal schemas are derived."""
    return read_page(files("schemas").joinpath("help_page", "page.txt").read_bytes())
