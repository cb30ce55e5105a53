"""The programs that `talad run` becomes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from talad import programs
from talad.settings import Settings
from training import model, present

#: Stands in for the program: says with which priority it was started.
_SAYS_NICENESS = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
_BECOME = """
import sys
from talad import programs
from talad.settings import load
programs._rasa = programs._simulator = lambda _: ([sys.executable, "-c", {program!r}], {{}})
programs.become({name!r}, load())
"""


def test_rasa_starts_with_what_is_in_use_and_may_take_models_from_two_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present, "to_start_with", lambda _: tmp_path / "models/talad-7.tar.gz")
    arguments, environment = programs._rasa(Settings(var=tmp_path))
    assert arguments[arguments.index("--model") + 1] == f"{tmp_path}/models/talad-7.tar.gz"
    assert environment["TALAD_RASA_MODELS"].split(os.pathsep) == [str(model.FOLDER), f"{tmp_path}/models"]
    monkeypatch.setattr(present, "to_start_with", lambda _: None)
    with pytest.raises(ValueError, match="talad train"):
        programs._rasa(Settings(var=tmp_path))


@pytest.mark.parametrize(("name", "lower_by"), [("rasa", 5), ("simulator", 0)])
def test_rasa_gives_way_to_the_processes_that_answer(name: str, lower_by: int) -> None:
    code = _BECOME.format(program=_SAYS_NICENESS, name=name)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(said) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + lower_by)
