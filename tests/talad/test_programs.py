"""The programs that `talad run` becomes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

#: Stands in for the program: says with which priority it was started.
_SAYS_NICENESS = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
_BECOME = """
import sys
from talad import programs
from talad.settings import load
programs._rasa = programs._simulator = lambda _: ([sys.executable, "-c", {program!r}], {{}})
programs.become({name!r}, load())
"""


@pytest.mark.parametrize(("name", "lower_by"), [("rasa", 5), ("simulator", 0)])
def test_rasa_gives_way_to_the_processes_that_answer(name: str, lower_by: int) -> None:
    code = _BECOME.format(program=_SAYS_NICENESS, name=name)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(said) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + lower_by)
