"""What pages have: templates that escape, a style sheet, a script, and their names for a policy.

The content-security policy of a page allows these two, named by their hashes, and nothing else.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import figures
from reports.sequence import short_name
from reports.symbols import SYMBOL, VERDICT_TONE


@cache
def environment() -> Environment:
    """The templates, with what several of them use."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        figures=figures, symbol=SYMBOL, verdict_tones=VERDICT_TONE, short_name=short_name
    )
    return made


@cache
def style() -> str:
    """The style sheet."""
    return files("reports").joinpath("templates/style.css").read_text("utf-8")


@cache
def script() -> str:
    """The one script: the same on every page, with nothing in it that a run brought."""
    return files("reports").joinpath("templates/page.js").read_text("utf-8")


@cache
def style_hash() -> str:
    """How a content-security policy names the style sheet."""
    return _name(style())


@cache
def script_hash() -> str:
    """How a content-security policy names the script."""
    return _name(script())


def _name(inline: str) -> str:
    """The name of an inline text in a policy (CSP Level 3, section 2.3.1)."""
    digest = hashlib.sha256(inline.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
