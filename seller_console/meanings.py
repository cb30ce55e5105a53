"""What intents and entities are called (training.words), as templates ask for it."""

from __future__ import annotations

from typing import Any

from training import words


def called(language: str) -> dict[str, Any]:
    """`intent_word` and `entity_word`: functions from the name of an intent or entity to what it is called in
    `language` ("th" or "en").
    """
    return {
        "intent_word": lambda name: words.intent(name).name(language),
        "entity_word": lambda name: words.entity(name).name(language),
    }
