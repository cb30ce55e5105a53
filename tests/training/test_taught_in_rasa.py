"""Rasa's own reader finds in a lesson what was taught."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.training.test_taught import ODD
from training import files, model, taught
from training.files import Example

_READ = """
import json, sys
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
found = RasaYAMLReader().read(sys.argv[1]).intent_examples
print(json.dumps([
    [one.get("text"), one.get("intent"),
     [[mark["entity"], mark["start"], mark["end"]] for mark in one.get("entities") or ()]] for one in found
]))
"""


def test_rasa_reads_each_example_as_it_was_taught(tmp_path: Path) -> None:
    given = [Example(text, "buy_now", (("size", 0, 2),)) for text in ODD]
    lesson = taught.lesson(given)
    taught.write(lesson, "talad-1", tmp_path)
    said = subprocess.run(
        [
            str(model.RASA_PYTHON),
            "-W",
            "ignore",
            "-c",
            _READ,
            str(tmp_path / "nlu/lessons/talad-1/taught.yml"),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=model.ROOT,
    ).stdout
    found = {text: (intent, [tuple(mark) for mark in marks]) for text, intent, marks in json.loads(said)}
    meant = {one.text: (one.intent, list(one.marks)) for one in map(files.tidied, given)}
    assert found == meant
    assert lesson.count == len(ODD)
