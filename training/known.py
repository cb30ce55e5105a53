"""Which intents and entities people's words can have: those of the project's domain that have examples in data/nlu.

The others only come from taps or from the shop itself, so nothing that is typed may be taught to mean them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from training import words
from training.model import ROOT

_LIST = re.compile(r"^- intent: *([\w-]+)", re.MULTILINE)
_MARK = re.compile(r"\]\(([\w-]+)\)")


@dataclass(frozen=True)
class Known:
    """`topics`: the intents that can be taught, by the topic of their examples. `entities`: what can be marked."""

    topics: Mapping[str, Sequence[str]]
    entities: Sequence[str]

    @property
    def intents(self) -> frozenset[str]:
        """All that can be taught."""
        return frozenset(name for names in self.topics.values() for name in names)


def known(root: Path = ROOT) -> Known:
    """What there is in the files of the project as they are now; they are read anew after a change."""
    domain = [root / "domain.yml", *sorted((root / "domain").glob("*.yml"))]
    examples = sorted((root / "data/nlu").glob("*.yml"))
    return _read(*(tuple((file, file.stat().st_mtime_ns) for file in files) for files in (domain, examples)))


@lru_cache(maxsize=2)
def _read(domain: Sequence[tuple[Path, int]], examples: Sequence[tuple[Path, int]]) -> Known:
    contents = [YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {} for file, _ in domain]
    intents, entities = (
        {_name(one) for content in contents for one in content.get(kind) or ()}
        for kind in ("intents", "entities")
    )
    texts = {file.stem: file.read_text(encoding="utf-8") for file, _ in examples}
    in_order = sorted(
        texts, key=lambda topic: (topic not in words.TOPICS, [*words.TOPICS, topic].index(topic))
    )
    found = {topic: [name for name in _LIST.findall(texts[topic]) if name in intents] for topic in in_order}
    marked = {name for text in texts.values() for name in _MARK.findall(text)} & entities
    return Known(
        {topic: tuple(dict.fromkeys(names)) for topic, names in found.items() if names},
        tuple(
            sorted(marked, key=lambda name: (name not in words.ENTITIES, [*words.ENTITIES, name].index(name)))
        ),
    )


def _name(declared: Any) -> str:
    """Of an intent or entity, which may stand with settings of its own: `- greet: {use_entities: []}`."""
    return str(next(iter(declared)) if isinstance(declared, dict) else declared)
