"""The console's words in Thai. Templates and modules hold the English, and `text` finds the other language.

Each topic has a file; `THAI` is all of them. A test collects every text in use and checks that it stands
here, once, and that nothing here is left over.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

#: The files of this folder, one for each topic.
TOPICS = {module.name: import_module(f"{__name__}.{module.name}").THAI for module in iter_modules(__path__)}
THAI: dict[str, str] = {english: thai for topic in TOPICS.values() for english, thai in topic.items()}


def text(language: str, english: str, **values: object) -> str:
    """The text in `language` ("th" or "en") with the named values put in. `english` is the text and its key."""
    words = THAI.get(english, english) if language == "th" else english
    return words % values if values else words
