"""A bill as a page: for phones and for printing, complete in itself, without script."""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bills.document import Document
from bills.texts import text
from shop import promptpay

_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "bill.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
#: Nothing but the page itself, its own style by its hash, and the QR inside it. Its address is a key: see referrer.
HEADERS = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
_environment = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def written(bill: Document, pdf_address: str) -> str:
    """The bill's HTML, with a link to the same bill as PDF."""
    asked = bill.to_pay
    qr = promptpay.inline_picture(asked.payload) if asked and asked.payload else None
    return _rendered("bill.html", bill.language, bill=bill, qr=qr, pdf_address=pdf_address)


def refusal(language: str, heading: str, advice: str) -> str:
    """A page that says what to do; both sentences in English, as texts.py knows them."""
    return _rendered("refusal.html", language, heading=heading, advice=advice)


def _rendered(template: str, language: str, **values: object) -> str:
    words = {"language": language, "_": partial(text, language), "style": Markup(_STYLE)}  # noqa: S704  # our own file
    return _environment.get_template(template).render(words | values)
