"""What every page has: templates that escape, one style sheet, and its name for the page's policy.

The content-security policy of a page allows that style sheet, named by its hash, and nothing else.
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
def style_hash() -> str:
    """How a content-security policy names an inline style sheet (CSP Level 3, section 2.3.1)."""
    digest = hashlib.sha256(style().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
