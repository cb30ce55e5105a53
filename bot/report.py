"""Makes a page with pictures of an examination's result: `.venv-bot/bin/python -m bot.report` (see `bot.exam`).

Writes one HTML file that needs no other: figures by language and intent, which intents are taken for which, and
every message that was misunderstood, the surest mistakes first.
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}
td.n{text-align:right}img{max-width:100%}"""


def main() -> None:
    """Read the result, write the page and, where asked for, the picture alone."""
    options = _options()
    found = json.loads(options.result.read_text(encoding="utf-8"))
    picture = confusion_picture(found["answers"])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page(found, picture), encoding="utf-8")
    if options.picture:
        options.picture.write_bytes(picture)
    print(options.out)


def confusion_picture(answers: Sequence[dict[str, Any]]) -> bytes:
    """A PNG: rows are what is meant, columns what was found, shares of the row; the diagonal is right."""
    count = Counter((answer["intent"], answer["found"]["intent"]) for answer in answers)
    names = sorted({name for pair in count for name in pair})
    rows = [[count[meant, found] for found in names] for meant in names]
    shares = [[cell / (sum(row) or 1) for cell in row] for row in rows]
    figure, axes = pyplot.subplots(figsize=(11, 10))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell:
                colour = "white" if shares[y][x] > 0.5 else "black"
                axes.text(x, y, str(cell), ha="center", va="center", color=colour, fontsize=8)
    figure.tight_layout()
    picture = io.BytesIO()
    figure.savefig(picture, dpi=80, metadata={"Software": None})
    pyplot.close(figure)
    return picture.getvalue()


def page(found: dict[str, Any], picture: bytes) -> str:
    """The whole page. What customers wrote is escaped."""
    scores = found["scores"]
    groups = list(scores["intent_macro_f1"])
    by_language = _table(
        ["", *groups],
        [
            ["intents, macro-F1", *(_share(scores["intent_macro_f1"][name]) for name in groups)],
            ["entities, F1", *(_share(scores["entity_f1"][name]) for name in groups)],
            ["foreign talk noticed", *(_share(scores["out_of_scope"][name]["recall"]) for name in groups)],
            [
                "wishes not understood",
                *(_share(scores["out_of_scope"][name]["false_rejects"]) for name in groups),
            ],
        ],
    )
    kinds = [[name, *_shares(share)] for name, share in {**scores["intents"], **scores["entities"]}.items()]
    encoded = base64.b64encode(picture).decode()
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>What the bot understands</title>
<style>{_STYLE}</style><h1>What the bot understands</h1>
<p>{scores["messages"]} messages that it was not trained on, {found["seconds"]["median"] * 1000:.1f} ms each.</p>
{by_language}<h2>Which intents are taken for which</h2>
<img alt="Confusion matrix" src="data:image/png;base64,{encoded}">
<h2>Each intent and entity</h2>{_table(["", "precision", "recall", "F1", "examples"], kinds)}
<h2>Misunderstood, the surest first</h2>{_mistakes(found["answers"])}</html>
"""


def mistakes(answers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers that are wrong, the surest first; those with the right intent last."""
    wrong = [answer for answer in answers if not answer["right"]]
    return sorted(
        wrong, key=lambda one: (one["found"]["intent"] == one["intent"], -one["found"]["confidence"])
    )


def _mistakes(answers: Iterable[dict[str, Any]]) -> str:
    rows = [
        [
            *(one["text"], one["group"], one["intent"], one["found"]["intent"]),
            *(
                f"{one['found']['confidence']:.2f}",
                _written(one["entities"]),
                _written(one["found"]["entities"]),
            ),
        ]
        for one in mistakes(answers)
    ]
    return _table(["message", "language", "meant", "understood", "sure", "entities", "found"], rows)


def _written(entities: Iterable[dict[str, Any]]) -> str:
    return ", ".join(f"{one['entity']} {one['text']}" for one in entities)


def _shares(share: dict[str, float]) -> list[str]:
    return [*(_share(share[name]) for name in ("precision", "recall", "f1")), str(share["support"])]


def _share(value: float) -> str:
    return f"{value:.3f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["<tr>" + "".join(f"<th>{html.escape(cell)}</th>" for cell in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return "<table>" + "".join(lines) + "</table>"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.report", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--result", type=Path, default=Path("artefacts/nlu-exam.json"))
    parser.add_argument("--out", type=Path, default=Path("artefacts/nlu-report.html"))
    parser.add_argument("--picture", type=Path, help="also the confusion matrix as PNG")
    return parser.parse_args()


if __name__ == "__main__":
    main()
