"""Writes ``report.html``: one page that opens anywhere, with nothing to fetch and no script."""

import base64
import hashlib
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import figures
from reports.material import Material
from reports.plain_text import visible
from reports.symbols import SYMBOL, VERDICT_TONE, VERDICT_WORDS


def render(material: Material) -> str:
    """The whole page."""
    style = files("reports").joinpath("templates/style.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            material=material,
            summary=material.summary,
            style=style,
            style_hash=f"sha256-{digest}",
            tone=VERDICT_TONE[material.summary.verdict],
            symbol=SYMBOL[VERDICT_TONE[material.summary.verdict]],
            verdict_words=VERDICT_WORDS[material.summary.verdict],
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["figures"] = figures
    environment.filters["visible"] = visible
    return environment
