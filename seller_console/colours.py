"""The console's colours as static/console.css names them, for pictures and browsers that read no stylesheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_STYLESHEET = Path(__file__).with_name("static") / "console.css"
_ROOTS = re.compile(r":root \{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")


def _read(stylesheet: str) -> Mapping[str, Mapping[str, str]]:
    light, dark = (dict(_COLOUR.findall(root)) for root in _ROOTS.findall(stylesheet))
    return {"light": light, "dark": light | dark}


#: For each scheme, light and dark, its colours by name, written #rgb or #rrggbb.
SCHEMES = _read(_STYLESHEET.read_text())
