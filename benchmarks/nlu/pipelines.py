"""The pipelines that are compared, as `config.yml` has them, each without the part that gives back what is unsure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
Pipeline = list[dict[str, Any]]

#: How often DIET sees the examples: as often as two minutes of training allow (one takes some 50 s of computing).
EPOCHS = 2

_COUNTS: Pipeline = [
    {"name": "RegexFeaturizer", "use_word_boundaries": False},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer", "min_ngram": 1, "max_ngram": 2},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_RASAS_REGRESSION: Pipeline = [{"name": "LogisticRegressionClassifier", "max_iter": 200, "ranking_length": 5}]
_RASAS_FIELD: Pipeline = [
    {
        "name": "CRFEntityExtractor",
        "features": [
            ["low", "prefix2", "suffix2", "digit", "pattern"],
            [
                *("bias", "low", "prefix5", "prefix2", "suffix5", "suffix3", "suffix2"),
                *("upper", "title", "digit", "pattern"),
            ],
            ["low", "prefix2", "suffix2", "digit", "pattern"],
        ],
    }
]
_DIET: Pipeline = [
    {"name": "DIETClassifier", "epochs": EPOCHS, "random_seed": 1, "constrain_similarities": True}
]


def chosen() -> Pipeline:
    """The pipeline of `config.yml`."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    return [part for part in config["pipeline"] if part["name"] != "FallbackClassifier"]


def all_pipelines() -> dict[str, Pipeline]:
    """By name, the chosen one first."""
    ours = chosen()
    tokenizer = [ours[0]]
    # The parts of the intents' classifier have no bearing on the entities: without these they train in half the time.
    intents = [part for part in ours if part["name"] != "bot.entities.WordFieldExtractor"]
    return {
        "chosen": ours,
        "chosen, text as typed": _with(intents, "WordsAndLettersClassifier", "AsTyped"),
        "chosen, no unknown words": _with(intents, "WordsAndLettersClassifier", "AllWordsKnown"),
        "chosen, no sounds": _with(intents, "WordsAndLettersClassifier", "NoSounds"),
        "chosen, words only": _with(intents, "WordsAndLettersClassifier", "OnlyWords"),
        "chosen, letters only": _with(intents, "WordsAndLettersClassifier", "OnlyLetters"),
        "chosen, no known names": _with(ours, "WordFieldExtractor", "NoNames"),
        "chosen, longest matching": _with(ours, "ThaiEnglishTokenizer", "LongestTokenizer"),
        "chosen, character clusters": _with(ours, "ThaiEnglishTokenizer", "ClusterTokenizer"),
        "chosen, cut at spaces": _with(ours, "ThaiEnglishTokenizer", "SpacesTokenizer"),
        "Rasa's regression and CRF": [*tokenizer, *_COUNTS, *_RASAS_REGRESSION, *_RASAS_FIELD],
        "DIET": [*tokenizer, *_COUNTS, *_DIET],
    }


def _with(pipeline: Pipeline, part: str, other: str) -> Pipeline:
    return [
        {**one, "name": f"benchmarks.nlu.variants.{other}"} if one["name"].endswith(f".{part}") else one
        for one in pipeline
    ]
