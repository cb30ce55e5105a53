"""A checkout of a small project in which a program that only pretends to be Rasa trains and examines at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shop.db import Database, utc_now
from shop.models import Utterance
from shop.verdicts import Verdict
from talad.settings import Settings
from training import model

#: Stands in for the bot's Python: trains, examines and draws as the arguments say; config.yml says how it goes.
PRETENDED = """#!{python}
import json, os, sys, time
from pathlib import Path

words = Path("config.yml").read_text().split()
_, module, *arguments = sys.argv[1:]


def value(name):
    return arguments[arguments.index(name) + 1]


if "slow" in words:
    Path("started").write_text(str(os.getpid()))
    time.sleep(60)
if "full" in words:
    sys.exit("OSError: [Errno 28] No space left on device")
if module == "rasa":
    if "broken" in words:
        sys.exit("pipeline: no such component")
    read = [Path(place) for place in arguments[arguments.index("--data") + 1 :]]
    said = [place.read_text() for place in read if place.is_file()]
    Path("trainings").open("a").write("one\\n")
    if "silent" not in words:
        (Path(value("--out")) / (value("--fixed-model-name") + ".tar.gz")).write_text("\\n".join(said) or "model")
elif module == "bot.exam":
    if "unexamined" in words:
        sys.exit("cannot load this model")
    Path("exams").open("a").write(Path(value("--model")).name + "\\n")
    result = {{"scores": {{"messages": 3, "of": Path(value("--model")).read_text()}}}}
    if "--before" in arguments:
        before = json.loads(Path(value("--before")).read_text())
        result.update(worse=["intents thai: 0.800, before 0.900"], changed=[{{"was": before["scores"]["of"]}}])
    Path(value("--out")).write_text(json.dumps(result))
elif module == "bot.report":
    Path(value("--picture")).write_bytes(b"PNG of " + Path(value("--result")).read_bytes()[:10])
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "checkout"
    for name in ("data/nlu", "data/rules", "domain", "bot", "tests/nlu"):
        (place / name).mkdir(parents=True)
    for name in ("config.yml", "domain/cart.yml", "data/rules/cart.yml", "bot/thai.py", "bot/run.py"):
        (place / name).write_text("first")
    examples = {"data": "สวัสดีค่ะ", "tests": "hello there, shop"}
    for folder, text in examples.items():
        (place / folder / "nlu/smalltalk.yml").write_text(
            f'version: "3.1"\n\nnlu:\n# Those who come.\n- intent: greet\n  examples: |\n    - {text}\n'
            "- intent: buy_now\n  examples: |\n    - เอา[เสื้อ](product)ค่ะ\n    - cf\n"
        )
    pretended = tmp_path / "python"
    pretended.write_text(PRETENDED.format(python=sys.executable))
    pretended.chmod(0o755)
    monkeypatch.setattr(model, "ROOT", place)
    monkeypatch.setattr(model, "FOLDER", place / "models")
    monkeypatch.setattr(model, "RASA_PYTHON", pretended)
    return place


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    var = tmp_path / "var"
    var.mkdir()
    return Settings(var=var)


def teach(database: Database, text: str) -> None:
    """A trainer has taught that the text means to buy."""
    with database.transaction() as session:
        session.add(
            Utterance(
                key=text,
                text=text,
                language="th",
                intent="greet",
                confidence=0.2,
                certainty=0.2,
                last_heard_at=utc_now(),
                verdict=Verdict.TAUGHT,
                taught_text=text,
                taught_intent="buy_now",
                taught_entities=[],
                decided_by="fern@example.com",
                decided_at=utc_now(),
            )
        )
